import type { SqlDatabase } from "@waxseal/db/sql";
import type { TokenAnswers } from "../zone/token-records.ts";

type Row = { token: string; publishedPolicyId: string | null };

/**
 * Returns the current answers of a token's three names (see `tokenRecords`); undefined for a token that was never
 * issued or whose domain left: its names no longer exist.
 */
export async function findTokenAnswers(db: SqlDatabase, token: string): Promise<TokenAnswers | undefined> {
  const [answers] = await findManyTokenAnswers(db, [token]);
  return answers;
}

/** The same for several tokens, in no order; those without names are left out. */
export async function findManyTokenAnswers(
  db: SqlDatabase,
  tokens: readonly string[],
): Promise<TokenAnswers[]> {
  if (tokens.length === 0) return [];
  const rows = await db.$queryRaw<Row[]>`
    select t.token, v.policy_id as "publishedPolicyId"
    from domain_token t
    join domain d on d.account_id = t.account_id and d.id = t.domain_id and d.status <> 'left'
    left join policy_version v
      on v.account_id = d.account_id and v.domain_id = d.id and v.version = d.published_version
    where t.token = any(${[...tokens]})`;
  return rows.map(toAnswers);
}

/** One page of the tokens that have names, by token, after the cursor (`""`: from the start). */
export async function listTokenAnswers(
  db: SqlDatabase,
  { cursor, limit }: { cursor: string; limit: number },
): Promise<{ items: TokenAnswers[]; nextCursor: string | undefined }> {
  const rows = await db.$queryRaw<Row[]>`
    select t.token, v.policy_id as "publishedPolicyId"
    from domain_token t
    join domain d on d.account_id = t.account_id and d.id = t.domain_id and d.status <> 'left'
    left join policy_version v
      on v.account_id = d.account_id and v.domain_id = d.id and v.version = d.published_version
    where t.token > ${cursor}
    order by t.token
    limit ${limit}`;
  const items = rows.map(toAnswers);
  return { items, nextCursor: items.length < limit ? undefined : items.at(-1)?.token };
}

function toAnswers({ token, publishedPolicyId }: Row): TokenAnswers {
  return { token, publishedPolicyId: publishedPolicyId ?? undefined };
}
