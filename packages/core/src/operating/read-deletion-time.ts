import type { SqlDatabase } from "@waxseal/db/sql";

/**
 * The time by which something may be deleted for good: `now`, but never later than the database's time. A clock that is ahead would
 * delete what all other machines still keep; one that is behind only deletes later.
 */
export async function readDeletionTime(db: SqlDatabase, now: Date): Promise<Date> {
  const [row] = await db.$queryRaw<
    { at: Date }[]
  >`select least(${now}::timestamptz, clock_timestamp()) as at`;
  return row?.at ?? new Date(0);
}
