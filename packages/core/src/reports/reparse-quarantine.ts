import type { Context } from "../context.ts";
import { requirePermission } from "../require-permission.ts";
import { failToLookUp, type ImportDeps } from "./import-report.ts";
import { processReportMessage } from "./process-report-messages.ts";

/** How many messages were read again, and what they are now; those that others were reading are left out. */
export type ReparsedQuarantine = { read: number; processed: number; duplicate: number; quarantined: number };

const PAGE = 200;

/**
 * Reads every message in the account's quarantine again, with today's parser, and counts what was not counted before.
 *
 * Each message is a transaction of its own, so it may be stopped and begun again. What arrives meanwhile may be read too.
 */
export async function reparseQuarantine(
  ctx: Context,
  { lookUpKey = failToLookUp }: ImportDeps = {},
): Promise<ReparsedQuarantine> {
  requirePermission(ctx, "reports.change");
  const result: ReparsedQuarantine = { read: 0, processed: 0, duplicate: 0, quarantined: 0 };
  const { accountId, db, now } = ctx;
  for (let after: string | undefined; ; ) {
    const page = await db.reportMessage.findMany({
      where: { accountId, state: "quarantined", ...(after !== undefined && { id: { gt: after } }) },
      select: { id: true },
      orderBy: { id: "asc" },
      take: PAGE,
    });
    for (const { id } of page) {
      const stored = await processReportMessage({ db, now, lookUpKey }, { accountId, id });
      if (!stored) continue;
      result.read++;
      result[stored.state]++;
    }
    after = page.at(-1)?.id;
    if (page.length < PAGE || after === undefined) return result;
  }
}
