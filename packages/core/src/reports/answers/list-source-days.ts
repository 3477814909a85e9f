import type { SourceDaysQuery, SourceDaysView } from "@waxseal/contract";
import type { z } from "zod";
import type { Context } from "../../context.ts";
import { daysOf, reportRange } from "../../day-range.ts";
import { type PageOf, pageOf } from "../../list-page.ts";
import { sumSourceDays } from "../totals/query-daily-tables.ts";
import { findUnsettledDays } from "../totals/unsettled-days.ts";
import { readSource } from "../trust/report-source.ts";
import { requireOwnDomain } from "./require-own-domain.ts";

type View = z.infer<typeof SourceDaysView>;

const MAX_SOURCES = 50;

/**
 * Who reported about which day of a range: the sources with most sessions, each with all days; a day without a report is null.
 *
 * @throws AppError `not_found` – no such domain in this account
 * @throws AppError `invalid` – the range cannot be used
 */
export async function listSourceDays(
  ctx: Context,
  query: PageOf<z.infer<typeof SourceDaysQuery>>,
): Promise<View> {
  const range = reportRange(query, ctx.now());
  const { domainId, trust } = query;
  await requireOwnDomain(ctx, domainId);
  const unsettled = domainId === undefined ? await findUnsettledDays(ctx, range) : [];
  const sums = await sumSourceDays(ctx, { range, domainId, source: undefined, trust, unsettled });
  const days = daysOf(range);
  const items = [...Map.groupBy(sums, ({ source }) => source)].map(([source, own]) => {
    const byDay = new Map(own.map((sum) => [sum.day, sum]));
    const { shown, reporter, signedBy, trust } = readSource(source);
    return {
      key: shown,
      title: signedBy === null ? shown : `Signed by ${signedBy}, calls itself ${reporter}`,
      trust,
      reports: own.reduce((total, sum) => total + sum.reports, 0),
      successfulSessions: own.reduce((total, sum) => total + sum.successful, 0),
      failedSessions: own.reduce((total, sum) => total + sum.failed, 0),
      days: days.map((day) => {
        const sum = byDay.get(day);
        return sum ? { successfulSessions: sum.successful, failedSessions: sum.failed } : null;
      }),
    };
  });
  const size = (item: View["items"][number]) => item.successfulSessions + item.failedSessions;
  const sorted = items.sort((a, b) => size(b) - size(a) || (a.key < b.key ? -1 : 1));
  const asked = { cursor: query.cursor, limit: query.limit ?? MAX_SOURCES };
  const page = pageOf({ items: sorted }, asked, ({ key, trust }) => `${key} ${trust}`);
  const last = page.items.at(-1);
  const more = last ? sorted.length - sorted.indexOf(last) - 1 : 0;
  return { ...range, ...page, more };
}
