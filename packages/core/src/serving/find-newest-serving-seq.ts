import type { SqlDatabase } from "@waxseal/db/sql";

/** The end of the change feed: everything up to it is committed. 0 when nothing has ever changed. */
export async function findNewestServingSeq(db: SqlDatabase): Promise<bigint> {
  const [newest] = await db.$queryRaw<{ seq: bigint | null }[]>`select max(seq) as seq from serving_change`;
  return newest?.seq ?? 0n;
}
