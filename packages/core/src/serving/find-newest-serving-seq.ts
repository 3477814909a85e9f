import type { Database, Transaction } from "@waxseal/db";

/** The end of the change feed: everything up to it is committed. 0 when nothing has ever changed. */
export async function findNewestServingSeq(db: Database | Transaction): Promise<bigint> {
  const { _max } = await db.servingChange.aggregate({ _max: { seq: true } });
  return _max.seq ?? 0n;
}
