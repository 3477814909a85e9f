import type { Database } from "@waxseal/db";
import { hashSecret } from "../accounts/hash-secret.ts";
import { AppError } from "../app-error.ts";
import { type ContextSource, createContext, jobActor } from "../context.ts";
import { formatMonthlyHtml } from "./format-monthly-html.ts";
import { getMonthlyReport } from "./get-monthly-report.ts";

/**
 * The page behind the link of a monthly mail: the report of that month, for as long as the address gets these mails.
 * @throws AppError `not_found` – no such token, or its address stopped the reports; `invalid` – no day of the month is over
 */
export async function openMonthlyPage(
  source: ContextSource & { db: Database },
  { token, month }: { token: string; month: string },
): Promise<string> {
  const row = await source.db.monthlyRecipient.findUnique({ where: { tokenHash: hashSecret(token) } });
  if (row?.state !== "active" || !/^20\d\d-(0[1-9]|1[0-2])$/.test(month))
    throw new AppError("not_found", "This link does not work any more.");
  const ctx = createContext(source, row.accountId, jobActor("monthly report"));
  return formatMonthlyHtml(await getMonthlyReport(ctx, { month }));
}
