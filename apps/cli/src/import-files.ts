import { readFile, stat } from "node:fs/promises";
import { AppError, type Context } from "@waxseal/core";
import type { ImportDeps, ImportedFile, ReportFile } from "@waxseal/core/reports";
import { explainDatabaseError } from "@waxseal/db";
import { explainFileError } from "@waxseal/runtime";
import type { ListedFile } from "./list-report-files.ts";

/** What became of a file; `failed`: it could not be read or stored, and nothing of it is kept. */
export type Imported = Omit<ImportedFile, "state"> & {
  file: string;
  state: ImportedFile["state"] | "failed";
};

type Input = { files: readonly ListedFile[]; stdin: AsyncIterable<Buffer | string> };

const MAX_FILE_BYTES = 512 * 1024 * 1024;
const MAX_BATCH_FILES = 500;
const MAX_BATCH_BYTES = 32 * 1024 * 1024;
/** Three files in a row that cannot be stored: the database is away, and the others are not tried. */
const MAX_FAILURES = 3;

/** Imports files in batches, and says of each what became of it. A batch that cannot be stored is tried file by file. */
export async function importFiles(
  ctx: Context,
  { files, stdin }: Input,
  deps: ImportDeps,
  advance: (count: number) => void,
): Promise<Imported[]> {
  const { importReports } = await import("@waxseal/core/reports");
  const imported: Imported[] = [];
  let batch: ReportFile[] = [];
  let batchBytes = 0;
  let failures = 0;

  async function storeOneByOne(): Promise<void> {
    for (const file of batch) {
      if (failures >= MAX_FAILURES) {
        imported.push(failed(file.fileName, "not tried, because those before it could not be stored"));
        continue;
      }
      try {
        imported.push(...named([file], await importReports(ctx, [file], deps)));
        failures = 0;
      } catch (error) {
        imported.push(failed(file.fileName, reasonOf(error)));
        failures++;
      }
    }
  }

  async function store(): Promise<void> {
    try {
      if (failures >= MAX_FAILURES) await storeOneByOne();
      else imported.push(...named(batch, await importReports(ctx, batch, deps)));
    } catch (error) {
      // Refused as a whole, for want of permission: trying each would not help.
      if (error instanceof AppError) throw error;
      await storeOneByOne();
    }
    advance(batch.length);
    batch = [];
    batchBytes = 0;
  }

  for (const { shown, path } of files) {
    try {
      const bytes = path === null ? await readStream(stdin) : await readWhole(path);
      batch.push({ fileName: shown, bytes });
      batchBytes += bytes.length;
    } catch (error) {
      // Those before it first: answers are in the order of the files.
      if (batch.length > 0) await store();
      imported.push(failed(shown, reasonOf(error)));
      advance(1);
    }
    if (batch.length >= MAX_BATCH_FILES || batchBytes >= MAX_BATCH_BYTES) await store();
  }
  if (batch.length > 0) await store();
  return imported;
}

function named(batch: readonly ReportFile[], results: readonly ImportedFile[]): Imported[] {
  return results.map((result, index) => ({ file: batch[index]?.fileName ?? "", ...result }));
}

function failed(file: string, detail: string): Imported {
  const nothing = { found: 0, reports: 0, duplicates: 0, notUsedCount: 0, notUsed: [] };
  return { file, state: "failed", reason: null, detail, ...nothing };
}

/** Read or stored: what stopped a file, as a sentence. */
function reasonOf(error: unknown): string {
  if (error instanceof AppError) return error.message;
  return explainDatabaseError(error) ?? `This file ${explainFileError(error)}.`;
}

async function readWhole(path: string): Promise<Buffer> {
  if ((await stat(path)).size > MAX_FILE_BYTES)
    throw new AppError("limit_reached", "This file is larger than 512 MiB.", { reason: "too_large" });
  return readFile(path);
}

async function readStream(stream: AsyncIterable<Buffer | string>): Promise<Buffer> {
  const chunks: Buffer[] = [];
  let bytes = 0;
  for await (const chunk of stream) {
    const buffer = Buffer.from(chunk);
    bytes += buffer.length;
    if (bytes > MAX_FILE_BYTES)
      throw new AppError("limit_reached", "This file is larger than 512 MiB.", { reason: "too_large" });
    chunks.push(buffer);
  }
  return Buffer.concat(chunks);
}
