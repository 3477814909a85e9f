import type { SqlDatabase } from "@waxseal/db/sql";
import type { CaaAccount } from "../zone/caa-values.ts";

/** The key of a change of the feed after which `listCaaAccounts` may answer otherwise: every token's CAA set may be another. */
export const CAA_ACCOUNTS_KEY = "caa-accounts";

/** Our accounts at CAs that check accounts, by URL. RFC 8657 §3 */
export async function listCaaAccounts(db: SqlDatabase): Promise<CaaAccount[]> {
  return db.$queryRaw<CaaAccount[]>`
    select account_url as "accountUrl", caa_identities as "caaIdentities" from acme_account
    where account_url is not null and cardinality(caa_identities) > 0
    order by account_url`;
}
