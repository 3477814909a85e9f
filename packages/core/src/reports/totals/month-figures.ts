import { Prisma } from "@waxseal/db";

/** Some days of one month: its first day, and all of them, each YYYY-MM-DD. */
export type DaysOfMonth = { month: string; days: string[] };

const DAYS_IN_ARRAY = 31;

/** Days by their month, in the order given. */
export function groupByMonth(days: readonly string[]): DaysOfMonth[] {
  const byMonth = Map.groupBy(days, (day) => `${day.slice(0, 7)}-01`);
  return [...byMonth].map(([month, inMonth]) => ({ month, days: inMonth }));
}

/**
 * Selects for each month the given columns and `counted_failed`, the sum of its days, of every row of an account that meets `only`.
 * Rows without a failure on those days come too, with 0.
 */
export function selectMonths(
  table: "tls_month_clusters" | "tls_month_addresses",
  columns: Prisma.Sql,
  { accountId, days, only }: { accountId: string; days: readonly string[]; only: Prisma.Sql },
): Prisma.Sql[] {
  // A month with failures on its first and third day, failed = {4,0,2,0,...}; days 1 and 2 are asked for: counted_failed = 4.
  return groupByMonth(days).map(({ month, days: inMonth }) => {
    const sum = Prisma.raw(inMonth.map((day) => `failed[${dayOfMonth(day)}]`).join(" + "));
    return Prisma.sql`
      select ${columns}, ${sum} as counted_failed
      from ${Prisma.raw(table)}
      where account_id = ${accountId} and month = ${month}::date and ${only}`;
  });
}

/** The rows of several selects together, of which there is at least one. */
export function unionAll(selects: readonly Prisma.Sql[]): Prisma.Sql {
  return Prisma.join([...selects], " union all ");
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
