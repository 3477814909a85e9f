import { textArray } from "@waxseal/db/arrays";
import type { SqlDatabase } from "@waxseal/db/sql";
import type { JudgedTrust, ReporterClaim } from "./judge-report-trust.ts";

/** Names are kept for the first domain that signed for them, so that one is never read as another's. At most so many at once. */
const MAX_CLAIMS = 1_000;

/**
 * Decides the claims of reports, in place: the first domain to sign for a name keeps it, and what others sign under it is `signed`.
 *
 * Each claim is committed by itself, before and apart from the reports: of two processes that learn one name at a time, both
 * hear the same answer. Claims beyond {@link MAX_CLAIMS} are `signed`.
 */
export async function settleClaims(
  db: SqlDatabase,
  reports: readonly Pick<JudgedTrust, "trust" | "claim">[],
  now: Date,
): Promise<void> {
  const claims = new Map<string, ReporterClaim>();
  for (const { claim } of reports) {
    if (claim && !claims.has(claim.nameKey) && claims.size < MAX_CLAIMS) claims.set(claim.nameKey, claim);
  }
  if (claims.size === 0) return;
  const sorted = [...claims.values()].sort((a, b) => (a.nameKey < b.nameKey ? -1 : 1));
  const names = textArray(sorted.map(({ nameKey }) => nameKey));
  const owners = await readOwners(db, names);
  const fresh = sorted.filter(({ nameKey }) => !owners.has(nameKey));
  if (fresh.length > 0) {
    await db.$executeRaw`
      insert into reporter_name (name_key, domain, learned_at)
      select name_key, domain, ${now}::timestamptz
      from unnest(${textArray(fresh.map(({ nameKey }) => nameKey))}::text[], ${textArray(fresh.map(({ domain }) => domain))}::text[])
        as c(name_key, domain)
      on conflict (name_key) do nothing`;
    for (const [nameKey, domain] of await readOwners(db, names)) owners.set(nameKey, domain);
  }
  for (const report of reports) {
    if (report.claim && owners.get(report.claim.nameKey) !== report.claim.domain) report.trust = "signed";
  }
}

async function readOwners(db: SqlDatabase, names: Buffer): Promise<Map<string, string>> {
  const rows = await db.$queryRaw<{ name_key: string; domain: string }[]>`
    select name_key, domain from reporter_name where name_key = any(${names}::text[])`;
  return new Map(rows.map(({ name_key, domain }) => [name_key, domain]));
}
