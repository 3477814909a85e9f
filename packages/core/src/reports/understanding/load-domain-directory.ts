import type { SqlDatabase } from "@waxseal/db/sql";
import type { TlsReport } from "@waxseal/tls-rpt";
import { z } from "zod";
import type { ParsedMessage } from "./parse-message.ts";
import type { DomainDirectory } from "./route-message.ts";
import type { OwnDomain } from "./route-policies.ts";

type Row = { account_id: string; id: string; domain: string; mx_hosts: unknown };

const MxHosts = z.array(z.object({ mxHost: z.string() }));

/** Looks up every domain that the reports of these messages are about, for all accounts, in one query. */
export async function loadDomainDirectory(
  db: SqlDatabase,
  messages: readonly ParsedMessage[],
): Promise<DomainDirectory> {
  const names = new Set<string>();
  const mxHosts = new Set<string>();
  const homeless = new Set<string>();
  for (const { message, parsed } of messages) {
    for (const { report } of parsed) {
      for (const { policyDomain } of report.policies) if (policyDomain !== null) names.add(policyDomain);
      if (message.home !== null) continue;
      const named = readReportIdDomain(report);
      if (named !== null) names.add(named);
      for (const mxHost of listMxHosts(report)) mxHosts.add(mxHost);
      homeless.add(message.accountId);
    }
  }
  const rows = names.size === 0 ? [] : await findDomains(db, names);
  const receivers = mxHosts.size === 0 ? [] : await findReceivers(db, homeless, mxHosts);
  const byDomain = new Map<string, Map<string, OwnDomain>>();
  for (const row of rows) {
    const accounts = byDomain.get(row.domain) ?? new Map<string, OwnDomain>();
    byDomain.set(row.domain, accounts.set(row.account_id, toOwnDomain(row)));
  }
  const byAccount = Map.groupBy(receivers, (row) => row.account_id);
  return {
    findHome: (accountId, report) => {
      const named = readReportIdDomain(report);
      const own = named === null ? undefined : byDomain.get(named)?.get(accountId);
      if (own) return own;
      const hosts = listMxHosts(report);
      const receiving = (byAccount.get(accountId) ?? [])
        .map(toOwnDomain)
        .filter((domain) => hosts.some((host) => receivesAt(domain, host)));
      // A host of several domains does not say which of them it is.
      const [only, ...others] = receiving;
      return only && others.length === 0 ? only : null;
    },
    findOwnDomain: (accountId, domain) => byDomain.get(domain)?.get(accountId),
  };
}

/** A row of the domain table as routing needs it. */
export function toOwnDomain(row: { id: string; domain: string; mx_hosts: unknown }): OwnDomain {
  const mx = MxHosts.safeParse(row.mx_hosts);
  return {
    domainId: row.id,
    domain: row.domain,
    mxHosts: mx.success ? mx.data.map(({ mxHost }) => mxHost) : [],
  };
}

/** Senders build ids of the day and the domain, such as `2026-11-23T00:00:00Z_idx1_example.com` or `1331+example.com`. */
function readReportIdDomain({ reportId }: TlsReport): string | null {
  const [, domain = null] =
    /(?:^|[_+!@])([a-z0-9-]{1,63}(?:\.[a-z0-9-]{1,63})+)>?$/i.exec(reportId.slice(-260)) ?? [];
  return domain?.toLowerCase() ?? null;
}

function listMxHosts({ policies }: TlsReport): string[] {
  return policies.flatMap(({ policyType, policyDomain }) =>
    policyType === "tlsa" && policyDomain !== null ? [policyDomain] : [],
  );
}

function receivesAt({ domain, mxHosts }: OwnDomain, mxHost: string): boolean {
  return mxHosts.includes(mxHost) || mxHost.endsWith(`.${domain}`);
}

function findDomains(db: SqlDatabase, names: ReadonlySet<string>): Promise<Row[]> {
  return db.$queryRaw<Row[]>`
    select account_id, id::text, domain, mx_hosts from domain where domain = any(${[...names]}::text[])`;
}

/** The accounts' domains that have one of these MX hosts, or that an MX host is in. */
function findReceivers(
  db: SqlDatabase,
  accountIds: ReadonlySet<string>,
  mxHosts: ReadonlySet<string>,
): Promise<Row[]> {
  const hosts = [...mxHosts];
  const parents = hosts.flatMap((host) => {
    const labels = host.split(".");
    return labels.slice(1, 10).map((_, index) => labels.slice(index + 1).join("."));
  });
  return db.$queryRaw<Row[]>`
    select account_id, id::text, domain, mx_hosts from domain
    where account_id = any(${[...accountIds]}::text[]) and (domain = any(${parents}::text[])
      or jsonb_path_query_array(mx_hosts, '$[*].mxHost') ?| ${hosts}::text[])`;
}
