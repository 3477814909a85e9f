import type { FoundView } from "../../api/contract.ts";
import { HELP_PAGES } from "../../format/help-pages.ts";
import { paths } from "../../paths.ts";

/** Something that one can go to. */
export type Target = {
  /** The same for the same place. */
  key: string;
  title: string;
  kind: string;
  to: string;
  account?: string;
  search?: Record<string, string>;
};

const page = (title: string, to: string, kind = "Page"): Target => ({
  key: `${to} ${title}`,
  title,
  kind,
  to,
});

/** Pages that are always there. */
const PAGES: readonly Target[] = [
  page("Home", paths.overview()),
  page("Domains", paths.domains()),
  page("Add domain", paths.addDomain()),
  page("Add many domains", paths.addDomains()),
  page("Alerts", paths.alerts()),
  page("Reports", paths.reports()),
  page("All reports", paths.reportList()),
  page("Quarantine", paths.quarantine()),
  page("Customers", paths.customers()),
  page("Domains of all customers", paths.portfolio()),
  page("DNS instructions", paths.instructions()),
  page("Bulk-edit history", paths.policyChanges()),
  page("Summary", paths.summary()),
  page("Audit log", paths.audit()),
  page("Profile", paths.profile(), "Settings"),
  page("Branding: name, logo, colour, sender", paths.branding(), "Settings"),
  page("Members", paths.members(), "Settings"),
  page("API keys", paths.apiKeys(), "Settings"),
  page("Two-factor and passkeys", paths.security(), "Settings"),
  page("Single sign-on", paths.accountSettings(), "Settings"),
  page("Data retention", paths.dataSettings(), "Settings"),
  page("Notifications", paths.notifications(), "Settings"),
  page("Webhooks and channels", paths.notifications(), "Settings"),
  ...HELP_PAGES.map((one) => page(one.title, paths.helpPage(one), "Help")),
];

/** What the letters may mean, without asking the server: pages whose names hold every word, and addresses of mail servers. */
export function findPages(q: string): Target[] {
  const words = q.toLowerCase().split(/\s+/).filter(Boolean);
  if (words.length === 0) return [];
  const pages = PAGES.filter(({ title, kind }) =>
    words.every((word) => `${title} ${kind}`.toLowerCase().includes(word)),
  );
  return [...findAddress(q.trim()), ...pages].slice(0, 8);
}

/** Failed sessions name the address of the sender. */
function findAddress(q: string): Target[] {
  if (!/^(?:\d{1,3}(?:\.\d{1,3}){3}|[0-9a-f]*:[0-9a-f:.]+)$/i.test(q)) return [];
  return [
    {
      key: `ip ${q}`,
      title: `Failures from ${q}`,
      kind: "IP address",
      to: paths.reports(),
      search: { ip: q },
    },
  ];
}

/** What the server found, the account's own things first. */
export function asTargets({ domains, customers, reporters, reports }: FoundView): Target[] {
  return [
    ...domains.map(({ id, domain, accountId, customer }) => ({
      key: `domain ${id}`,
      title: domain,
      kind: customer === null ? "Domain" : `Domain of ${customer}`,
      to: paths.domain({ domainId: id }),
      account: accountId,
    })),
    ...customers.map(({ id, name, externalId }) => ({
      key: `customer ${id}`,
      title: name,
      kind: externalId === null ? "Customer" : `Customer ${externalId}`,
      to: paths.overview(),
      account: id,
    })),
    ...reporters.map((reporter) => ({
      key: `reporter ${reporter}`,
      title: reporter,
      kind: "Reporter",
      to: paths.reports(),
      search: { source: reporter },
    })),
    ...reports.map(({ id, reporter, reportId }) => ({
      key: `report ${id}`,
      title: reportId,
      kind: `Report of ${reporter}`,
      to: paths.report({ reportId: id }),
    })),
  ];
}

const MAX_RECENT = 8;

/** Where one went by this search, newest first; a list of another shape counts as empty. */
export function readRecent(text: string | null): Target[] {
  try {
    const list: unknown = JSON.parse(text ?? "[]");
    return Array.isArray(list) ? list.filter(isTarget).slice(0, MAX_RECENT) : [];
  } catch {
    return [];
  }
}

/** The list with this one first. */
export function addRecent(list: readonly Target[], target: Target): Target[] {
  return [target, ...list.filter(({ key }) => key !== target.key)].slice(0, MAX_RECENT);
}

function isTarget(value: unknown): value is Target {
  const { key, title, kind, to } = Object(value);
  return [key, title, kind, to].every((one) => typeof one === "string") && to.startsWith("/");
}
