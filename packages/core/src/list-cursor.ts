import { AppError } from "./app-error.ts";

const PLACE = /^(\d{4}-\d{2}-\d{2}(?:T[\d:.]{8,12}Z)?)_([0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12})$/;
/** Some rows have ids of the sign-in library, which are no UUIDs. */
const PLACE_OF_ANY_ID = /^(\d{4}-\d{2}-\d{2}T[\d:.]{8,12}Z)_([\w-]{1,100})$/;

/** The place after which a page begins: a day or instant, and the id that breaks ties. */
export type ListCursor = { at: string; id: string };

/** A place as text for `nextCursor`. */
export function formatCursor({ at, id }: ListCursor): string {
  return sealCursor(`${at}_${id}`);
}

/**
 * The place that a cursor names.
 * @throws AppError `invalid` – the text is not a cursor of ours
 */
export function parseCursor(cursor: string, ids: "uuid" | "any" = "uuid"): ListCursor {
  const [, at = "", id = ""] = openCursor(cursor, ids === "uuid" ? PLACE : PLACE_OF_ANY_ID);
  if (!isDay(at.slice(0, 10)) || Number.isNaN(Date.parse(at))) throw refuseCursor();
  return { at, id };
}

/** The cursor of a place: letters, digits, - and _, so that clients do not read it or build one. */
export function sealCursor(place: string): string {
  return Buffer.from(place).toString("base64url");
}

/**
 * The parts of the place that a cursor names, as `shape` finds them.
 * @throws AppError `invalid` – the text is not a cursor of ours
 */
export function openCursor(cursor: string, shape: RegExp): RegExpExecArray {
  const found = shape.exec(Buffer.from(cursor, "base64url").toString());
  if (!found) throw refuseCursor();
  return found;
}

/** Refuses a text that is not a cursor of this list. A page from the start would look like the next page. */
export function refuseCursor(): AppError {
  const fields = [{ path: "cursor", problem: "is not one that this API gave out" }];
  return new AppError("invalid", "This page cannot be found.", { fields });
}

/** Date takes 31 February for 3 March, which Postgres refuses. */
function isDay(day: string): boolean {
  const ms = Date.parse(day);
  return !Number.isNaN(ms) && new Date(ms).toISOString().startsWith(day);
}
