import type { EventExportQuery, EventListView } from "@waxseal/contract";
import type { z } from "zod";
import type { Context } from "../context.ts";
import { getDomain } from "../domains/get-domain.ts";
import { formatCsvRow } from "../format-csv-row.ts";
import { EXPORT_TYPES, joinJsonArray, type StreamedFile } from "../streamed-file.ts";
import { listEvents } from "./list-events.ts";

type EventView = z.infer<typeof EventListView>["items"][number];
type Query = z.infer<typeof EventExportQuery>;

const PAGE_ROWS = 1_000;
const HEADER = ["at", "actorKind", "actor", "kind", "domainId", "text", "before", "data"];

/**
 * The audit log, or the part of it that the filters leave, as CSV (RFC 4180) or a JSON array, newest first, of any size.
 *
 * `before` is what was there before a change, where the change says so; `data` is all that was recorded. Both are JSON in a CSV cell.
 *
 * @throws AppError `not_found` – no such domain in this account
 */
export async function exportEvents(ctx: Context, { format, ...filter }: Query): Promise<StreamedFile> {
  if (filter.domainId !== undefined) await getDomain(ctx.db, ctx.accountId, filter.domainId);
  const pages = readPages(ctx, filter);
  return {
    fileName: `audit-log-${ctx.now().toISOString().slice(0, 10)}.${format}`,
    contentType: EXPORT_TYPES[format],
    chunks: format === "csv" ? writeCsv(pages) : joinJsonArray(writeJson(pages)),
  };
}

async function* readPages(ctx: Context, filter: Omit<Query, "format">): AsyncGenerator<EventView[]> {
  let cursor: string | null = null;
  do {
    const page: z.infer<typeof EventListView> = await listEvents(ctx, {
      ...filter,
      limit: PAGE_ROWS,
      ...(cursor !== null && { cursor }),
    });
    if (page.items.length > 0) yield page.items;
    cursor = page.nextCursor;
  } while (cursor !== null);
}

async function* writeCsv(pages: AsyncIterable<EventView[]>): AsyncGenerator<string> {
  yield formatCsvRow(HEADER);
  for await (const page of pages) yield page.map(formatEvent).join("");
}

function formatEvent({ at, actor, kind, domainId, text, data }: EventView): string {
  const before = data.before === undefined || data.before === null ? null : JSON.stringify(data.before);
  return formatCsvRow([at, actor.kind, actor.name, kind, domainId, text, before, JSON.stringify(data)]);
}

async function* writeJson(pages: AsyncIterable<EventView[]>): AsyncGenerator<string[]> {
  for await (const page of pages) yield page.map((event) => JSON.stringify(event));
}
