import type { SummaryQuery, SummaryView } from "@waxseal/contract";
import { explainFailure } from "@waxseal/tls-rpt";
import type { z } from "zod";
import type { Context } from "../../context.ts";
import { daysOf, reportRange } from "../../day-range.ts";
import { type PageOf, pageOf } from "../../list-page.ts";
import { type FindNetwork, findNoNetwork } from "../../networks/create-network-finder.ts";
import {
  type FailureSum,
  listSendingAddresses,
  type SessionFigures,
  type SessionSum,
  type SessionSums,
  sumFailures,
} from "../totals/query-daily-tables.ts";
import type { DailyFilter } from "../totals/select-figures.ts";
import { sumMatching } from "../totals/sum-matching.ts";
import { findUnsettledDays } from "../totals/unsettled-days.ts";
import { readSource } from "../trust/report-source.ts";
import { explainResult } from "../understanding/explain-result.ts";
import { requireOwnDomain } from "./require-own-domain.ts";

type View = z.infer<typeof SummaryView>;
type Row = View["items"][number];
type Totals = Omit<View["totals"], "byTrust">;

/** The key of the row of sessions that went well, for groupBy=result. */
const SUCCESSFUL = "successful";
const MAX_ADDRESSES = 25;

const POLICY_TITLES: Record<string, string> = {
  sts: "MTA-STS policy",
  tlsa: "DANE (TLSA records)",
  "no-policy-found": "No policy found",
  unknown: "Policy not named",
};

/**
 * Sessions of an account in a range of days, added up by day, result, source, MX host or policy.
 *
 * Totals count a report's sessions once, though it may list them under several policies; the rows of
 * groupBy=policy, and of results where one session failed in several ways, may therefore add up to more. Days without a report
 * are rows with `hasReports: false`. With `result`, `mx` or `ip` only failed sessions that match are counted, and no share. Rows other than days: most sessions first. With `trust` all figures count only such reports, but
 * `totals.byTrust` always says how the sessions of all reports divide.
 *
 * @throws AppError `not_found` – no such domain in this account
 * @throws AppError `invalid` – the range or cursor cannot be used
 *
 * RFC 8460 §4
 */
export async function summarizeSessions(
  ctx: Context,
  query: PageOf<z.infer<typeof SummaryQuery>>,
  { findNetwork = findNoNetwork }: { findNetwork?: FindNetwork } = {},
): Promise<View> {
  const range = reportRange(query, ctx.now());
  await requireOwnDomain(ctx, query.domainId);
  const unsettled = query.domainId === undefined ? await findUnsettledDays(ctx, range) : [];
  const filter: DailyFilter = {
    range,
    domainId: query.domainId,
    source: query.source,
    trust: query.trust,
    policy: query.policy,
    failure: readFailureFilter(query),
    unsettled,
  };
  const { sums: byDay, byTrust } = await sumMatching(ctx, filter, "day");
  const totals = sumTotals(byDay, daysOf(range).length);
  if (filter.failure) totals.successShare = null;
  const all = await ROWS[query.groupBy](ctx, filter, totals, byDay);
  const { items, nextCursor } = pageOf({ items: all }, query, ({ key }) => key);
  for (const row of items) await nameNetworks(row, findNetwork);
  return {
    ...range,
    groupBy: query.groupBy,
    nextCursor,
    totals: { ...totals, byTrust: presentByTrust(byTrust) },
    items,
  };
}

type MakeRows = (ctx: Context, filter: DailyFilter, totals: Totals, byDay: SessionSum[]) => Promise<Row[]>;

const ROWS = {
  async day(ctx, filter, totals, byDay) {
    const known = new Map(byDay.map((sum) => [sum.key, sum]));
    const byResult = groupByResult(await sumFailures(ctx, filter, "day"), "failed");
    return daysOf(filter.range).map((day) => {
      const sum = known.get(day);
      const row = { key: day, title: day, byResult: byResult.get(day) ?? {}, hasReports: sum !== undefined };
      return makeRow(totals, {
        ...row,
        reports: sum?.reports ?? 0,
        successfulSessions: sum?.successful ?? 0,
        failedSessions: sum?.failed ?? 0,
        proven: provenPart(sum),
      });
    });
  },

  async result(ctx, filter, totals, byDay) {
    const failures = await sumFailures(ctx, filter, "all");
    const byReason = await sumFailures(ctx, filter, "reason");
    const rows = failures
      .filter(({ failed }) => failed > 0)
      .map(({ resultType, failed, proven }) => {
        const { title } = explainResult(resultType);
        const explanation = explainMost(resultType, byReason);
        const byResult = { [resultType]: failed };
        return makeRow(totals, {
          key: resultType,
          title,
          failedSessions: failed,
          proven: { successfulSessions: 0, failedSessions: proven },
          byResult,
          explanation,
        });
      });
    const well = makeRow(totals, {
      key: SUCCESSFUL,
      title: "Delivered securely",
      successfulSessions: totals.successfulSessions,
      proven: {
        successfulSessions: byDay.reduce((sum, { proven }) => sum + proven.successful, 0),
        failedSessions: 0,
      },
    });
    return [...(totals.reports > 0 && !filter.failure ? [well] : []), ...bySize(rows)];
  },

  async source(ctx, filter, totals) {
    const { sums } = await sumMatching(ctx, filter, "source");
    const byResult = groupByResult(await sumFailures(ctx, filter, "source"), "failed");
    const addresses = Map.groupBy(
      await listSendingAddresses(ctx, filter, MAX_ADDRESSES),
      ({ reporter }) => reporter,
    );
    const rows = sums.map(({ key, reports, successful, failed, proven }) =>
      makeRow(totals, {
        ...nameSource(key),
        reports,
        successfulSessions: successful,
        failedSessions: failed,
        proven: provenPart({ proven }),
        byResult: byResult.get(key) ?? {},
        sendingAddresses: (addresses.get(key) ?? []).map(({ sendingMtaIp, failedSessions }) => ({
          sendingMtaIp,
          failedSessions,
          network: null,
        })),
      }),
    );
    return bySize(filter.failure ? rows.filter((row) => row.failedSessions > 0) : rows);
  },

  async mx(ctx, filter, totals) {
    const sums = await sumFailures(ctx, filter, "mx");
    const proven = sumProven(sums);
    const rows = [...groupByResult(sums, "failed")].map(([key, results]) =>
      makeRow(totals, {
        key,
        title: key || "No MX host named",
        failedSessions: Object.values(results).reduce((sum, count) => sum + count, 0),
        proven: { successfulSessions: 0, failedSessions: proven.get(key) ?? 0 },
        byResult: results,
      }),
    );
    return bySize(rows);
  },

  async policy(ctx, filter, totals) {
    const { sums } = await sumMatching(ctx, filter, "policy");
    const byResult = groupByResult(await sumFailures(ctx, filter, "policy"), "saidFailed");
    const rows = sums.map(({ key, successful, failed, saidSuccessful, saidFailed, proven }) =>
      makeRow(totals, {
        key,
        title: POLICY_TITLES[key] ?? key,
        successfulSessions: saidSuccessful,
        failedSessions: saidFailed,
        counted: { successfulSessions: successful, failedSessions: failed },
        proven: { successfulSessions: proven.saidSuccessful, failedSessions: proven.saidFailed },
        byResult: byResult.get(key) ?? {},
      }),
    );
    return bySize(filter.failure ? rows.filter((row) => row.failedSessions > 0) : rows);
  },
} satisfies Record<View["groupBy"], MakeRows>;

/** What only failures carry, when a question is about that. */
function readFailureFilter({ result, mx, ip }: PageOf<z.infer<typeof SummaryQuery>>): DailyFilter["failure"] {
  return result === undefined && mx === undefined && ip === undefined ? undefined : { result, mx, ip };
}

function nameSource(key: string): Pick<Row, "key" | "title" | "trust"> {
  const { reporter, trust, signedBy, shown } = readSource(key);
  return {
    key: shown,
    title: signedBy === null ? shown : `Signed by ${signedBy}, calls itself ${reporter}`,
    trust,
  };
}

function presentByTrust(byTrust: SessionSums["byTrust"]): View["totals"]["byTrust"] {
  const present = ({ reports, successful, failed }: SessionFigures) => ({
    reports,
    successfulSessions: successful,
    failedSessions: failed,
  });
  const { aligned, signed, unsigned } = byTrust;
  return { aligned: present(aligned), signed: present(signed), unsigned: present(unsigned) };
}

function provenPart(sum: Pick<SessionSum, "proven"> | undefined): Row["proven"] {
  return { successfulSessions: sum?.proven.successful ?? 0, failedSessions: sum?.proven.failed ?? 0 };
}

function sumProven(sums: readonly FailureSum[]): Map<string, number> {
  const proven = new Map<string, number>();
  for (const sum of sums) proven.set(sum.key, (proven.get(sum.key) ?? 0) + sum.proven);
  return proven;
}

/** By the cause behind more than half of a type's failures, as their reason codes say; else by the type alone. */
function explainMost(resultType: string, byReason: readonly FailureSum[]): NonNullable<Row["explanation"]> {
  const alike = byReason.filter((sum) => sum.resultType === resultType);
  const all = alike.reduce((total, { failed }) => total + failed, 0);
  const causes = Map.groupBy(alike, ({ key }) => explainFailure({ resultType, reasonCode: key }).cause);
  const [most] =
    [...causes].find(([, sums]) => sums.reduce((total, { failed }) => total + failed, 0) * 2 > all) ?? [];
  const { meaning, usualOwner, nextStep } = explainResult(most ?? resultType);
  return { meaning, usualOwner, nextStep };
}

async function nameNetworks({ sendingAddresses }: Row, findNetwork: FindNetwork): Promise<void> {
  for (const address of sendingAddresses) address.network = await findNetwork(address.sendingMtaIp);
}

function makeRow(totals: Totals, row: Partial<Row> & { key: string; title: string }): Row {
  const { successfulSessions = 0, failedSessions = 0 } = row;
  const all = totals.successfulSessions + totals.failedSessions;
  return {
    reports: null,
    successfulSessions,
    failedSessions,
    share: all === 0 ? 0 : Math.min(1, (successfulSessions + failedSessions) / all),
    proven: { successfulSessions: 0, failedSessions: 0 },
    counted: null,
    trust: null,
    hasReports: true,
    explanation: null,
    sendingAddresses: [],
    byResult: {},
    ...row,
  };
}

function sumTotals(byDay: readonly SessionSum[], dayCount: number): Totals {
  const add = (pick: (sum: SessionSum) => number) => byDay.reduce((total, sum) => total + pick(sum), 0);
  const successfulSessions = add(({ successful }) => successful);
  const failedSessions = add(({ failed }) => failed);
  const all = successfulSessions + failedSessions;
  return {
    reports: add(({ reports }) => reports),
    successfulSessions,
    failedSessions,
    successShare: all === 0 ? null : successfulSessions / all,
    gapDays: dayCount - byDay.length,
  };
}

function groupByResult(
  sums: readonly FailureSum[],
  figure: "failed" | "saidFailed",
): Map<string, Record<string, number>> {
  const grouped = new Map<string, Record<string, number>>();
  for (const sum of sums) {
    if (sum[figure] === 0) continue;
    // No prototype: the result types are strangers' words, "constructor" among them.
    const results = grouped.get(sum.key) ?? Object.create(null);
    results[sum.resultType] = sum[figure];
    grouped.set(sum.key, results);
  }
  return grouped;
}

/** Most sessions first; equal ones by name, so that the order is the same every time. */
function bySize(rows: readonly Row[]): Row[] {
  return rows.toSorted(
    (a, b) =>
      b.successfulSessions + b.failedSessions - (a.successfulSessions + a.failedSessions) ||
      (a.key < b.key ? -1 : 1),
  );
}
