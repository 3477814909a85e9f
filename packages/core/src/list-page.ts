import { createHash } from "node:crypto";
import { MAX_PAGE, type PageQuery } from "@waxseal/contract";
import { formatCursor, openCursor, parseCursor, sealCursor } from "./list-cursor.ts";

/** What a verb is asked for that answers a list: with the query of the API, or with less of it. */
export type PageOf<Query> = Omit<Query, "cursor" | "limit"> & PageQuery;

type Direction = "asc" | "desc";
type After<Field extends string> = {
  OR?: [
    Record<Field, { lt: Date } | { gt: Date }>,
    Record<Field, Date> & { id: { lt: string } | { gt: string } },
  ];
};

/**
 * The parts of a Prisma query that reads a page in the order of an instant, and of ids where that is the same: one row more than the page
 * holds, which says whether there is a next one. For `makePage`.
 * @throws AppError `invalid` – the cursor is not one of ours
 */
export function pageByTime<Field extends string>(
  { cursor, limit = MAX_PAGE }: PageQuery,
  field: Field,
  direction: Direction,
  ids: "uuid" | "any" = "uuid",
) {
  return {
    where: cursor === undefined ? {} : whereAfter(parseCursor(cursor, ids), field, direction),
    orderBy: [orderOf(field, direction), { id: direction }],
    take: limit + 1,
  };
}

/** A computed key is typed as any text: here it is the field, and the value what Prisma compares an instant with. */
function whereAfter<Field extends string>(
  { at, id }: { at: string; id: string },
  field: Field,
  direction: Direction,
): After<Field> {
  const date = new Date(at);
  const isAfter = direction === "asc" ? { gt: date } : { lt: date };
  const other = { [field]: isAfter } as Record<Field, typeof isAfter>;
  const same = { [field]: date } as Record<Field, Date>;
  return { OR: [other, { ...same, id: direction === "asc" ? { gt: id } : { lt: id } }] };
}

/** See `whereAfter`. */
function orderOf<Field extends string>(field: Field, direction: Direction): Record<Field, Direction> {
  return { [field]: direction } as Record<Field, Direction>;
}

/** The rows of a page out of one more than it holds, and the cursor of the next; `placeOf` names the place of a row. */
export function makePage<Row>(
  rows: readonly Row[],
  { limit = MAX_PAGE }: PageQuery,
  placeOf: (last: Row) => string,
): { page: Row[]; nextCursor: string | null } {
  const page = rows.slice(0, limit);
  const last = page.at(-1);
  return { page, nextCursor: rows.length > limit && last ? placeOf(last) : null };
}

/** The cursor of a row in the order of an instant. */
export function placeOfTime(at: Date, id: string): string {
  return formatCursor({ at: at.toISOString(), id });
}

/**
 * The page of an answer that is computed whole. `keyOf` names an item among the others: the page begins after the last item of the page
 * before, or, if that is gone, with the one now in its place. Without a limit it is the rest of the list.
 * @throws AppError `invalid` – the cursor is not one of ours
 */
export function pageOf<Item, Answer extends { items: readonly Item[] }>(
  answer: Answer & { items: readonly Item[] },
  { cursor, limit = answer.items.length }: PageQuery,
  keyOf: (item: Item) => string,
): Omit<Answer, "items"> & { items: Item[]; nextCursor: string | null } {
  const { items } = answer;
  let start = 0;
  if (cursor !== undefined) {
    const [, place = "", key] = openCursor(cursor, /^(\d{1,9})_([\w-]{22})$/);
    const last = items.findIndex((item) => shorten(keyOf(item)) === key);
    start = last < 0 ? Number(place) : last + 1;
  }
  const page = items.slice(start, start + limit);
  const last = page.at(-1);
  const end = start + limit;
  const nextCursor =
    last !== undefined && end < items.length ? sealCursor(`${end - 1}_${shorten(keyOf(last))}`) : null;
  return { ...answer, items: page, nextCursor };
}

/** Keys may be longer than a cursor. */
function shorten(key: string): string {
  return createHash("sha256").update(key).digest("base64url").slice(0, 22);
}
