import type { Database } from "@waxseal/db";
import type { Context } from "../context.ts";
import { formatCsvRow } from "../format-csv-row.ts";
import type { HostingSettings } from "../hosting-settings.ts";
import { EXPORT_TYPES, type StreamedFile } from "../streamed-file.ts";
import { formatZoneSnippet } from "./format-zone-snippet.ts";
import { chooseScope, type InstructionScope, type InstructionWish } from "./instruction-scope.ts";
import { readInstructionPage } from "./read-instruction-page.ts";

type Format = "csv" | "zone";
type Page = Awaited<ReturnType<typeof readInstructionPage>>;

/**
 * The CNAMEs as a CSV file (RFC 4180) or as lines of a zone file, for any number of domains.
 * @throws AppError `not_found` – no such customer or domain
 */
export async function exportInstructions(
  ctx: Context,
  { format, ...wish }: InstructionWish & { format: Format },
  settings: HostingSettings,
): Promise<StreamedFile> {
  return writeInstructions(ctx.db, await chooseScope(ctx, wish), settings, format);
}

/** What is in a scope as a file. */
export function writeInstructions(
  db: Database,
  scope: InstructionScope,
  settings: HostingSettings,
  format: Format,
): StreamedFile {
  const pages = readPages(db, scope, settings);
  return format === "csv"
    ? { fileName: "dns-records.csv", contentType: EXPORT_TYPES.csv, chunks: writeCsv(pages) }
    : { fileName: "dns-records.zone", contentType: "text/plain; charset=utf-8", chunks: writeZone(pages) };
}

const PAGE_DOMAINS = 100;

async function* readPages(
  db: Database,
  scope: InstructionScope,
  settings: HostingSettings,
): AsyncGenerator<Page["items"]> {
  let cursor: string | undefined;
  do {
    const page: Page = await readInstructionPage(db, scope, settings, { cursor, limit: PAGE_DOMAINS });
    yield page.items;
    cursor = page.nextCursor ?? undefined;
  } while (cursor !== undefined);
}

async function* writeCsv(pages: AsyncIterable<Page["items"]>): AsyncGenerator<string> {
  yield formatCsvRow(["domain", "name", "type", "target", "state", "seen"]);
  for await (const items of pages) {
    for (const { domain, setup } of items) {
      yield setup
        .map(({ name, type, target, state, seen }) => formatCsvRow([domain, name, type, target, state, seen]))
        .join("");
    }
  }
}

async function* writeZone(pages: AsyncIterable<Page["items"]>): AsyncGenerator<string> {
  yield "; CNAME records for the zone files of these domains. Raise the serial of each zone's SOA.\n";
  for await (const items of pages) {
    for (const { domain, setup } of items) yield `\n${formatZoneSnippet(domain, setup)}`;
  }
}
