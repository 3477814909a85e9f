import type { Context } from "../context.ts";

/** The names of domains of the account, by id, in one look-up; ids that are not the account's are left out. */
export async function findDomainNames(
  { db, accountId }: Context,
  ids: Iterable<string | null>,
): Promise<Map<string, string>> {
  const wanted = [...new Set(ids)].filter((id) => id !== null);
  if (wanted.length === 0) return new Map();
  const rows = await db.domain.findMany({
    where: { accountId, id: { in: wanted } },
    select: { id: true, domain: true },
  });
  return new Map(rows.map(({ id, domain }) => [id, domain]));
}
