import { textArray } from "@waxseal/db/arrays";
import type { SqlDatabase } from "@waxseal/db/sql";
import type { JudgedTrust } from "./judge-report-trust.ts";

/** Reports with claims, and the account that they are for. */
export type Claiming = {
  message: { accountId: string };
  parsed: readonly Pick<JudgedTrust, "trust" | "claim">[];
};

/** Decides the claims of reports, in place: a claim that is not known in its account (`learnReporters`) is only `signed`. */
export async function settleClaims(db: SqlDatabase, messages: readonly Claiming[]): Promise<void> {
  const claims = messages.flatMap(({ message, parsed }) =>
    parsed.flatMap((report) =>
      report.claim ? [{ ...report.claim, accountId: message.accountId, report }] : [],
    ),
  );
  if (claims.length === 0) return;
  const unique = [...new Map(claims.map((claim) => [keyOf(claim), claim])).values()];
  const rows = await db.$queryRaw<{ account_id: string; name_key: string; domain: string }[]>`
    select account_id, name_key, domain
    from unnest(${textArray(unique.map(({ accountId }) => accountId))}::text[], ${textArray(unique.map(({ nameKey }) => nameKey))}::text[],
      ${textArray(unique.map(({ domain }) => domain))}::text[]) as c(account_id, name_key, domain)
    join reporter_signer using (account_id, name_key, domain)
    where known_at is not null`;
  const known = new Set(
    rows.map((row) => keyOf({ accountId: row.account_id, nameKey: row.name_key, domain: row.domain })),
  );
  for (const claim of claims) if (!known.has(keyOf(claim))) claim.report.trust = "signed";
}

function keyOf(claim: { accountId: string; nameKey: string; domain: string }): string {
  return `${claim.accountId}\n${claim.nameKey}\n${claim.domain}`;
}
