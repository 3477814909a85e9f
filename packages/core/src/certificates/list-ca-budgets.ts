import type { SqlDatabase } from "@waxseal/db/sql";
import { findCaLimits } from "./known-cas.ts";

/** How much of a CA's limit on new orders of our account is used now. */
export type CaBudget = { directoryUrl: string; used: number; limit: number };

/** The budgets of the CAs among these whose limits are known. Times are the database's. */
export async function listCaBudgets(db: SqlDatabase, directoryUrls: readonly string[]): Promise<CaBudget[]> {
  const known = directoryUrls.flatMap((directoryUrl) => {
    const limit = findCaLimits(directoryUrl)?.ordersPerAccount;
    return limit ? [{ directoryUrl, limit }] : [];
  });
  return Promise.all(
    known.map(async ({ directoryUrl, limit: { count, windowMs } }) => {
      const [row] = await db.$queryRaw<{ used: number }[]>`
        select count(*)::int as used from acme_use
        where directory_url = ${directoryUrl} and kind = 'order' and at > clock_timestamp() - make_interval(secs => ${windowMs / 1_000})`;
      return { directoryUrl, used: row?.used ?? 0, limit: count };
    }),
  );
}
