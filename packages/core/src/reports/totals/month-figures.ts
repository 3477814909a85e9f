import { Prisma } from "@waxseal/db";

/** The two tables with a figure for each day of a month, and what they are keyed by behind account_id and month. */
export const MONTH_TABLES = {
  clusters: {
    table: Prisma.sql`tls_month_clusters`,
    key: ["cluster", "domain_id"],
    said: ["result_type", "mx_host", "reporter", "reason_code"],
  },
  addresses: { table: Prisma.sql`tls_month_addresses`, key: ["reporter", "sending_mta_ip"], said: [] },
} as const;

export type MonthTable = keyof typeof MONTH_TABLES;

/** Some days of one month: its first day, and all of them, each YYYY-MM-DD. */
export type DaysOfMonth = { month: string; days: string[] };

const DAYS_IN_ARRAY = 31;

/** Days by their month, in the order given. */
export function groupByMonth(days: readonly string[]): DaysOfMonth[] {
  const byMonth = Map.groupBy(days, (day) => `${day.slice(0, 7)}-01`);
  return [...byMonth].map(([month, inMonth]) => ({ month, days: inMonth }));
}

/**
 * Selects the columns and `counted_failed`, the sum of the days, of every row of an account; each part ends with `union all`.
 * `only` is a further condition, from its `and` on. Rows without a failure on those days come too, with 0.
 */
export function selectMonths(
  name: MonthTable,
  columns: Prisma.Sql,
  { accountId, days, only }: { accountId: string; days: readonly string[]; only: Prisma.Sql },
): Prisma.Sql {
  const parts = groupByMonth(days).map(({ month, days: inMonth }) => {
    const sum = inMonth.map((day) => `failed[${dayOfMonth(day)}]`).join(" + ");
    return Prisma.sql`select ${columns}, ${Prisma.raw(sum)} as counted_failed from ${MONTH_TABLES[name].table}
      where account_id = ${accountId} and month = ${month}::date ${only} union all`;
  });
  return parts.length === 0 ? Prisma.empty : Prisma.join(parts, " ");
}

/** An array of 31 figures: what `figure` gives for the days named, and what `other` gives for those not named. */
export function monthArray(
  { days }: DaysOfMonth,
  figure: (day: string, place: Prisma.Sql) => Prisma.Sql,
  other: (place: Prisma.Sql) => Prisma.Sql,
): Prisma.Sql {
  const named = new Map(days.map((day) => [dayOfMonth(day), day]));
  const figures = Array.from({ length: DAYS_IN_ARRAY }, (_, index) => {
    const day = named.get(index + 1);
    const place = Prisma.raw(String(index + 1));
    return day === undefined ? other(place) : figure(day, place);
  });
  return Prisma.sql`array[${Prisma.join(figures)}]::bigint[]`;
}

function dayOfMonth(day: string): number {
  return Number(day.slice(8, 10));
}
