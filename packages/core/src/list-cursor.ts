import { AppError } from "./app-error.ts";

const CURSOR = /^(\d{4}-\d{2}-\d{2}(?:T[\d:.]{8,12}Z)?)_([0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12})$/;

/** The place after which a page begins: a day or instant, and the id that breaks ties. */
export type ListCursor = { at: string; id: string };

/** A place as text for `nextCursor`. */
export function formatCursor({ at, id }: ListCursor): string {
  return Buffer.from(`${at}_${id}`).toString("base64url");
}

/**
 * The place that a cursor names.
 * @throws AppError `invalid` – the text is not a cursor of ours
 */
export function parseCursor(cursor: string): ListCursor {
  const [, at = "", id = ""] = CURSOR.exec(Buffer.from(cursor, "base64url").toString()) ?? [];
  if (!isDay(at.slice(0, 10)) || Number.isNaN(Date.parse(at))) throw refuseCursor();
  return { at, id };
}

/** What every list answers to a text that is not a cursor of its own: a page from the start would be taken for the next one. */
export function refuseCursor(): AppError {
  const fields = [{ path: "cursor", problem: "is not one that this API gave out" }];
  return new AppError("invalid", "This page cannot be found.", { fields });
}

/** Date takes 31 February for 3 March, which Postgres refuses. */
function isDay(day: string): boolean {
  const ms = Date.parse(day);
  return !Number.isNaN(ms) && new Date(ms).toISOString().startsWith(day);
}
