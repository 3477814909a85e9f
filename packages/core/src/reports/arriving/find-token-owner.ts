import { type Database, sqlDatabase } from "@waxseal/db";
import { isToken } from "../../setup-names.ts";

/** Whom the reports sent to a token belong to. */
export type TokenOwner = { token: string; accountId: string; domainId: string; domain: string };

/** The domain a token was made for; `undefined` when there is none. Upper case is accepted. */
export async function findTokenOwner(db: Database, token: string): Promise<TokenOwner | undefined> {
  const lower = token.toLowerCase();
  if (!isToken(lower)) return undefined;
  const [owner] = await sqlDatabase(db).$queryRaw<TokenOwner[]>`
    select t.token, t.account_id as "accountId", t.domain_id::text as "domainId", d.domain
    from domain_token t
    join domain d on d.account_id = t.account_id and d.id = t.domain_id
    where t.token = ${lower}`;
  return owner;
}
