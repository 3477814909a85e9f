import type { Database, Transaction } from "@waxseal/db";

/** The tags of some domains, by domain id, in the order of the alphabet. */
export async function loadTags(
  db: Database | Transaction,
  accountIds: readonly string[],
  domainIds: readonly string[],
): Promise<Map<string, string[]>> {
  const rows = await db.domainTag.findMany({
    where: { accountId: { in: [...accountIds] }, domainId: { in: [...domainIds] } },
    orderBy: { tag: "asc" },
  });
  const groups = Map.groupBy(rows, ({ domainId }) => domainId);
  return new Map([...groups].map(([domainId, tags]) => [domainId, tags.map(({ tag }) => tag)]));
}
