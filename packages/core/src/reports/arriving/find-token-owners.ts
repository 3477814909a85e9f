import { type Database, sqlDatabase } from "@waxseal/db";
import { isToken } from "../../setup-names.ts";

/** The account and domain that own the reports sent to a token. */
export type TokenOwner = { token: string; accountId: string; domainId: string; domain: string };

/** The domains that these tokens were made for, by lower-case token; unknown tokens are left out. Upper case is accepted. */
export async function findTokenOwners(
  db: Database,
  tokens: readonly string[],
): Promise<Map<string, TokenOwner>> {
  const wanted = [...new Set(tokens.map((token) => token.toLowerCase()))].filter(isToken);
  if (wanted.length === 0) return new Map();
  const owners = await sqlDatabase(db).$queryRaw<TokenOwner[]>`
    select t.token, t.account_id as "accountId", t.domain_id::text as "domainId", d.domain
    from domain_token t
    join domain d on d.account_id = t.account_id and d.id = t.domain_id
    where t.token = any(${wanted}::text[])`;
  return new Map(owners.map((owner) => [owner.token, owner]));
}
