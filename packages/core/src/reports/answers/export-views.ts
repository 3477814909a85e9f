import { Prisma } from "@waxseal/db";
import { allOf } from "../../all-of.ts";
import type { Context } from "../../context.ts";
import type { ReportRange } from "../../day-range.ts";
import { findDomainNames } from "../../domains/find-domain-names.ts";
import { type FailureFilter, matchesFailure, matchesPolicy } from "../totals/match-failure.ts";
import {
  matchesReport,
  matchesSource,
  type SourceFilter,
  selectShown,
  selectTrust,
} from "../trust/report-source.ts";
import { matchReportDetail } from "./match-report-detail.ts";

/** A value of an export. */
export type Cell = string | number | string[] | null;

/** The key of a row: where the next page begins. */
export type ExportPlace = string[];

/** A row of an export, with its place. */
type ExportRow = { place: ExportPlace; cells: Cell[] };

type ExportView = {
  header: readonly string[];
  table: Prisma.Sql;
  /** Columns of the primary key behind account_id, in its order: the order of the rows. */
  key: readonly (readonly [column: string, type: "date" | "uuid" | "text"])[];
  /** The values under the header; under `domain` the domain's id, which is replaced by its name. */
  cells: Prisma.Sql;
};

const DAY_KEY = [
  ["report_day", "date"],
  ["domain_id", "uuid"],
  ["reporter", "text"],
  ["policy_type", "text"],
] as const;

const SOURCE = Prisma.sql`r.reporter`;
const SOURCE_CELLS = Prisma.sql`${selectShown(SOURCE)}, ${selectTrust(SOURCE)}`;

/** The three files an account can take with it. */
export const EXPORT_VIEWS = {
  daily: {
    header: [
      "day",
      "domain",
      "reporter",
      "trust",
      "policyType",
      "reports",
      "successfulSessions",
      "failedSessions",
      "policySuccessfulSessions",
      "policyFailedSessions",
    ],
    table: Prisma.sql`tls_daily_sessions`,
    key: DAY_KEY,
    cells: Prisma.sql`r.report_day, r.domain_id, ${SOURCE_CELLS}, r.policy_type, r.reports, r.counted_successful, r.counted_failed,
      r.successful_sessions, r.failed_sessions`,
  },
  failures: {
    header: [
      "day",
      "domain",
      "reporter",
      "trust",
      "policyType",
      "resultType",
      "sendingMtaIp",
      "mxHost",
      "reasonCode",
      "failedSessions",
      "policyFailedSessions",
    ],
    table: Prisma.sql`tls_daily_failures`,
    key: [
      ...DAY_KEY,
      ["result_type", "text"],
      ["sending_mta_ip", "text"],
      ["mx_host", "text"],
      ["reason_code", "text"],
    ],
    cells: Prisma.sql`r.report_day, r.domain_id, ${SOURCE_CELLS}, r.policy_type, r.result_type, r.sending_mta_ip, r.mx_host, r.reason_code,
      r.counted_failed, r.failed_sessions`,
  },
  reports: {
    header: [
      "day",
      "domain",
      "reporter",
      "submitter",
      "reportId",
      "successfulSessions",
      "failedSessions",
      "resultTypes",
      "trust",
      "transport",
      "receivedAt",
      "id",
    ],
    table: Prisma.sql`tls_report`,
    key: [
      ["report_day", "date"],
      ["id", "uuid"],
    ],
    cells: Prisma.sql`r.report_day, r.domain_id, r.reporter, r.submitter, r.report_id, r.successful_sessions, r.failed_sessions,
      r.result_types,
      case when r.trust in ('aligned', 'signed') then r.trust::text else 'unsigned' end, r.transport, r.received_at at time zone 'UTC', r.id`,
  },
} satisfies Record<string, ExportView>;

type PageQuery = FailureFilter & {
  view: keyof typeof EXPORT_VIEWS;
  range: ReportRange;
  domainId?: string | undefined;
  source?: string | undefined;
  trust?: SourceFilter["trust"];
  policy?: string | undefined;
  after: ExportPlace | undefined;
  limit: number;
};

/** The next rows behind a place, in the order of the primary key, which is the index they are read from. */
export async function readExportPage(
  ctx: Context,
  { view, range, domainId, source, trust, policy, after, limit, ...failure }: PageQuery,
): Promise<ExportRow[]> {
  const { header, key, cells }: ExportView = EXPORT_VIEWS[view];
  // Column names are ours, from the table above.
  const columns = Prisma.join(key.map(([column]) => Prisma.raw(`r.${column}`)));
  const place = Prisma.join(key.map(([column]) => Prisma.raw(`r.${column}::text`)));
  const conditions = [
    Prisma.sql`r.account_id = ${ctx.accountId}`,
    Prisma.sql`r.report_day between ${after?.[0] ?? range.from}::date and ${range.to}::date`,
  ];
  if (domainId !== undefined) conditions.push(Prisma.sql`r.domain_id = ${domainId}::uuid`);
  if (view === "reports") {
    conditions.push(matchesReport({ source, trust }));
    conditions.push(...matchReportDetail(ctx, { ...failure, policy }, range));
  } else {
    conditions.push(matchesSource(SOURCE, { source, trust }), matchesPolicy(policy));
    if (view === "failures") conditions.push(matchesFailure(failure));
  }
  if (after) {
    const values = key.map(([, type], index) => Prisma.sql`${after[index] ?? ""}::${Prisma.raw(type)}`);
    conditions.push(Prisma.sql`(${columns}) > (${Prisma.join(values)})`);
  }
  const rows = await ctx.reports.$queryRaw<ExportRow[]>`
    select array[${place}] as place, jsonb_build_array(${cells}) as cells
    from ${selectTable(ctx, view, range, failure)} r
    where ${allOf(conditions)}
    order by ${columns}
    limit ${limit}`;
  return nameDomains(ctx, rows, header.indexOf("domain"));
}

/** Where the rows come from. Only failures carry a result, a mail host and an address: days narrowed to these are added up from them. */
function selectTable(
  { accountId }: Context,
  view: PageQuery["view"],
  { from, to }: ReportRange,
  failure: FailureFilter,
): Prisma.Sql {
  const isNarrow = Object.values(failure).some((value) => value !== undefined);
  if (view !== "daily" || !isNarrow) return EXPORT_VIEWS[view].table;
  //   report_day | domain_id | reporter     | policy_type | reports | counted_successful | counted_failed
  //   2026-03-10 | 0195a0c1… | Example Mail | sts         |       0 |                  0 |              4
  return Prisma.sql`(
    select account_id, report_day, domain_id, reporter, policy_type, 0 as reports, 0 as counted_successful, 0 as successful_sessions,
      sum(counted_failed) as counted_failed, sum(failed_sessions) as failed_sessions
    from tls_daily_failures
    where account_id = ${accountId} and report_day between ${from}::date and ${to}::date and ${matchesFailure(failure)}
    group by account_id, report_day, domain_id, reporter, policy_type)`;
}

/** Puts names in place of the ids in one column; null for a domain that is gone. */
async function nameDomains(ctx: Context, rows: readonly ExportRow[], column: number): Promise<ExportRow[]> {
  const idOf = ({ cells }: ExportRow) => String(cells[column]);
  const domainOf = await findDomainNames(ctx, rows.map(idOf));
  return rows.map((row) => ({
    place: row.place,
    cells: row.cells.with(column, domainOf.get(idOf(row)) ?? null),
  }));
}
