import type { Database } from "@waxseal/db";

/** The retention of all accounts that have chosen one, as columns of equal length to be joined with reports. */
export type ChosenRetention = { accountIds: string[]; rawDays: number[]; dailyDays: number[] };

/** Loads what accounts have chosen; all others keep `DEFAULT_RETENTION`. */
export async function loadChosenRetention(db: Database): Promise<ChosenRetention> {
  const rows = await db.reportRetention.findMany();
  return {
    accountIds: rows.map(({ accountId }) => accountId),
    rawDays: rows.map(({ rawDays }) => rawDays),
    dailyDays: rows.map(({ dailyDays }) => dailyDays),
  };
}
