import { type Context, createContext, jobActor } from "@waxseal/core";
import { importReports } from "@waxseal/core/reports";
import type { Database } from "@waxseal/db";
import { makeBenchReport } from "./make-bench-reports.ts";
import type { SeededAccount } from "./seed-daily-rows.ts";

const BATCH = 500;

/** Imports new reports into a database that was filled, as the command does, and says how many a second that were. */
export async function importAtSize(
  db: Database,
  { accountId, domains }: SeededAccount,
  { count, now }: { count: number; now: Date },
): Promise<string> {
  const ctx: Context = createContext({ db, now: () => now }, accountId, jobActor("bench"));
  const names = Array.from({ length: domains }, (_, index) => `d${index}.example`);
  const files = Array.from({ length: count }, (_, index) => {
    const { id, raw } = makeBenchReport(index, names, now);
    return { fileName: `${id}.eml`, bytes: raw };
  });
  const start = performance.now();
  for (let at = 0; at < count; at += BATCH) {
    const results = await importReports(ctx, files.slice(at, at + BATCH));
    const odd = results.find(({ state }) => state !== "processed");
    if (odd) throw new Error(`not counted: ${JSON.stringify(odd)}`);
  }
  const seconds = (performance.now() - start) / 1_000;
  return `${count} reports of 3 policies with 15 failures are imported into it: ${Math.round(count / seconds)} a second.`;
}
