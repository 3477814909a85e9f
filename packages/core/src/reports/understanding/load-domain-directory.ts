import type { SqlDatabase } from "@waxseal/db/sql";
import { z } from "zod";
import type { OwnDomain } from "./route-policies.ts";
import type { DomainDirectory, ParsedMessage } from "./understand-message.ts";

type Row = { account_id: string; id: string; domain: string; mx_hosts: unknown };

const MxHosts = z.array(z.object({ mxHost: z.string() }));

/** Looks up every domain that the reports of these messages are about, for all accounts, in one query. */
export async function loadDomainDirectory(
  db: SqlDatabase,
  messages: readonly ParsedMessage[],
): Promise<DomainDirectory> {
  const names = new Set<string>();
  for (const { parsed } of messages) {
    for (const { report } of parsed) {
      for (const { policyDomain } of report.policies) if (policyDomain !== null) names.add(policyDomain);
    }
  }
  const rows =
    names.size === 0
      ? []
      : await db.$queryRaw<Row[]>`
          select account_id, id::text, domain, mx_hosts from domain where domain = any(${[...names]}::text[])`;
  const byDomain = new Map<string, Map<string, OwnDomain>>();
  for (const row of rows) {
    const accounts = byDomain.get(row.domain) ?? new Map<string, OwnDomain>();
    byDomain.set(row.domain, accounts.set(row.account_id, toOwnDomain(row)));
  }
  return {
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
