import type { Transaction } from "@waxseal/db";

/**
 * Locks an account until the transaction ends. Every verb that counts before it adds takes this lock first; without it, several that count at
 * the same instant would all find room.
 */
export async function lockAccount(db: Transaction, accountId: string): Promise<void> {
  await db.$queryRaw`select 1 from account where id = ${accountId} for update`;
}

/**
 * Locks an account and its provider, for what is limited for a provider and all its customers together. Returns the id of the provider,
 * or the account's own when it has none.
 */
export async function lockFamily(db: Transaction, accountId: string): Promise<string> {
  // Locks in one order, so that two transactions wait for each other instead of deadlocking.
  const rows = await db.$queryRaw<{ id: string; parentId: string | null }[]>`
    select id, parent_id as "parentId" from account
    where id = ${accountId} or id = (select parent_id from account where id = ${accountId})
    order by id for update`;
  return rows.find(({ id }) => id === accountId)?.parentId ?? accountId;
}
