import { readFileSync } from "node:fs";
import { UNSAFE_CODES } from "@waxseal/contract";
import {
  type Context,
  createContext,
  HOSTING_SETTING_NAMES,
  type HostingSettings,
  ownerName,
  readHostingSettings,
  targetName,
} from "@waxseal/core";
import { createAccount, createUser, OPERATOR } from "@waxseal/core/accounts";
import { addDomain, leaveDomain } from "@waxseal/core/onboarding";
import { type AssessDeps, createAssessDeps, setPolicy } from "@waxseal/core/policies";
import { createDkimKeyLookUp, type DkimKeyLookUp, importReports } from "@waxseal/core/reports";
import { type DomainKey, evaluateDomains } from "@waxseal/core/watching";
import { type Domain, openDatabase } from "@waxseal/db";
import { createAddressGuard, createResolver } from "@waxseal/probes";
import { loadSettings } from "@waxseal/runtime";
import { buildTlsReportMail, openDkimKeys, SENDERS } from "@waxseal/sandbox";
import { addDemoFetches } from "./demo-fetches.ts";
import { DEMO_DOMAINS, type DemoDomain, demoReports } from "./demo-story.ts";

/** Sign-in of the demo account. */
export const DEMO_EMAIL = "demo@example.com";
export const DEMO_PASSWORD = "demo-waxseal";

const REPORTS_AT_ONCE = 50;
/** A demo domain is active within seconds; one that is not stays as it is. */
const LEAVE_WITHIN_MS = 60_000;

/**
 * Makes the demo account with its domains and reports through the same verbs a person's clicks use, once.
 * Needs the sandbox, whose DNS holds the made-up domains.
 */
export async function seedDemo(env: Record<string, string>, tell: (line: string) => void): Promise<void> {
  const settings = loadSettings(env, [
    "DATABASE_URL",
    "REPORTS_DATABASE_URL",
    "DNS_RESOLVERS",
    "HOSTED_ZONE",
    "REPORTS_DOMAIN",
  ]);
  const db = openDatabase(settings.DATABASE_URL, { reportsDatabaseUrl: settings.REPORTS_DATABASE_URL });
  const domainKeys: DomainKey[] = [];
  let leaving: Promise<void> | undefined;
  try {
    if (await db.user.findUnique({ where: { email: DEMO_EMAIL } })) return;
    tell("Making the demo account with made-up data …");
    const source = { db, now: () => new Date() };
    await createUser(source, { email: DEMO_EMAIL, password: DEMO_PASSWORD, name: "Demo" });
    const account = await createAccount(source, { name: "Demo (made-up data)", ownerEmail: DEMO_EMAIL });
    const ctx = createContext(source, account.id, OPERATOR);
    const lookUpKey = createDkimKeyLookUp(createResolver({ servers: settings.DNS_RESOLVERS }));
    const hosting = readHostingSettings(loadSettings(env, HOSTING_SETTING_NAMES));
    for (const demo of DEMO_DOMAINS) {
      const domain = await onboard(ctx, demo, hosting, env);
      if (demo.published.includes("policyHost")) {
        const versions = demo.mode === "enforce" ? [1, 2] : [1];
        await addDemoFetches(ctx, { domainId: domain.id, domain: demo.domain, versions });
      }
      domainKeys.push({ accountId: ctx.accountId, domainId: domain.id });
      if (demo.leaving) leaving = leaveWhenActive(ctx, domain.id);
    }
    await importDemoReports(ctx, lookUpKey, env);
    // In the middle of the import the newest days were missing, and a domain judged then says that its reports stopped.
    await evaluateDomains(ctx, domainKeys);
  } finally {
    // The demo is usable before the last of its domains has started to leave.
    const close = () => db.$disconnect();
    if (leaving) leaving.then(close, close).catch(() => undefined);
    else await db.$disconnect();
  }
}

async function onboard(
  ctx: Context,
  demo: DemoDomain,
  hosting: HostingSettings,
  env: Record<string, string>,
): Promise<Domain> {
  const labels = demo.mxHosts.map((mxHost) => mxHost.slice(0, -demo.domain.length - 1));
  await callSandbox(env, "PUT", `/zones/${demo.domain}`, {});
  await callSandbox(env, "PUT", `/zones/${demo.domain}/mx`, { labels });
  const mxHosts = demo.mxHosts.map((mxHost, index) => ({ mxHost, preference: (index + 1) * 10 }));
  const domain = await addDomain(
    ctx,
    { domain: demo.domain },
    { settings: hosting, lookUpMx: async () => mxHosts },
  );
  if (demo.mode === "enforce") {
    const policy = { mode: demo.mode, mx: demo.mxHosts, maxAgeSeconds: 2_419_200 };
    // Its reports are imported later: what there is to see now speaks against enforcing, and the demo agrees to it.
    const consent = { acknowledge: UNSAFE_CODES, confirmDomain: demo.domain };
    await setPolicy(ctx, { domainId: domain.id, ...policy, ...consent }, openInterlock(env, ctx));
  }
  const records = demo.published.map((kind) => ({
    name: ownerName(kind, demo.domain),
    type: "CNAME",
    value: targetName(kind, domain.token, hosting.hostedZone),
  }));
  await callSandbox(env, "POST", "/publish", { domain: demo.domain, records });
  return domain;
}

function openInterlock(env: Record<string, string>, { db }: Context): AssessDeps {
  const names = ["DNS_RESOLVERS", "PROBE_SMTP_PORT", "ACME_CA_FILE", "ALLOW_PRIVATE_ADDRESSES"] as const;
  const settings = loadSettings(env, names);
  const resolver = createResolver({ servers: settings.DNS_RESOLVERS });
  const guard = createAddressGuard({ allowPrivate: settings.ALLOW_PRIVATE_ADDRESSES });
  const caPem = settings.ACME_CA_FILE ? readFileSync(settings.ACME_CA_FILE, "utf8") : undefined;
  return createAssessDeps({
    db,
    resolver,
    dnsServers: settings.DNS_RESOLVERS,
    guard,
    caPem,
    port: settings.PROBE_SMTP_PORT,
    heloName: "localhost",
    timeoutMs: 2_000,
  });
}

async function leaveWhenActive(ctx: Context, domainId: string): Promise<void> {
  const where = { accountId_id: { accountId: ctx.accountId, id: domainId } };
  for (let waitedMs = 0; waitedMs < LEAVE_WITHIN_MS; waitedMs += 1_000) {
    await new Promise((resolve) => setTimeout(resolve, 1_000));
    const domain = await ctx.db.domain.findUnique({ where }).catch(() => null);
    if (domain?.status === "active")
      return void (await leaveDomain(ctx, { domainId }).catch(() => undefined));
  }
}

async function importDemoReports(
  ctx: Context,
  lookUpKey: DkimKeyLookUp,
  env: Record<string, string>,
): Promise<void> {
  const keys = await openDkimKeys(env.SANDBOX_DIR ?? "", SENDERS);
  const reports = demoReports(ctx.now());
  for (let start = 0; start < reports.length; start += REPORTS_AT_ONCE) {
    const files = reports.slice(start, start + REPORTS_AT_ONCE).map(async (report) => ({
      fileName: `${report.report.reportId}.eml`,
      bytes: await buildTlsReportMail({
        ...report,
        to: `demo@${env.REPORTS_DOMAIN}`,
        sentAt: new Date(report.report.endAt.getTime() + 3 * 3_600_000),
        dkimPrivateKeyPem: keys.get(report.sender.domain) ?? "",
      }),
    }));
    await importReports(ctx, await Promise.all(files), { lookUpKey });
  }
  // One that cannot be used, so that the quarantine has something to show.
  const damaged = Buffer.from('{"organization-name": "Damaged Reporter", "report-id": "cut-off", "poli');
  await importReports(ctx, [{ fileName: "damaged-report.json", bytes: damaged }]);
}

async function callSandbox(
  env: Record<string, string>,
  method: string,
  path: string,
  body: object,
): Promise<void> {
  const response = await fetch(`${env.SANDBOX_URL}${path}`, {
    method,
    headers: { "content-type": "application/json" },
    body: JSON.stringify(body),
    signal: AbortSignal.timeout(10_000),
  });
  if (!response.ok) throw new Error(`The sandbox refused ${method} ${path}: ${await response.text()}`);
}
