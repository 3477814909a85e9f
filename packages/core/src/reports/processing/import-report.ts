import { inSqlTransaction, sqlDatabase } from "@waxseal/db";
import type { Context } from "../../context.ts";
import { newRowId } from "../../new-row-id.ts";
import { requirePermission } from "../../require-permission.ts";
import { ensurePartitions } from "../arriving/ensure-partitions.ts";
import { oneLine } from "../arriving/receive-report.ts";
import type { ReportProblem } from "../reading/report-problem.ts";
import { splitMbox } from "../reading/split-mbox.ts";
import type { DkimKeyLookUp } from "../trust/create-dkim-key-look-up.ts";
import { loadDomainDirectory } from "../understanding/load-domain-directory.ts";
import { parseMessages } from "../understanding/parse-messages.ts";
import { type KeptMessage, routeMessage } from "../understanding/understand-message.ts";
import { insertImportedMessages } from "./insert-imported-messages.ts";
import { recordReportEvents } from "./record-report-events.ts";
import { countUnderstoodMessages, type StoredMessage } from "./store-understood-messages.ts";

/** A file as an operator has it: `.json`, `.json.gz`, `.eml`, `.mbox`, told apart by what is in it. */
export type ReportFile = { fileName: string; bytes: Buffer };

/** What became of a file; of an mbox, of all mails in it together. `reports` are those counted now. */
export type ImportedFile = {
  state: StoredMessage["state"];
  reason: ReportProblem["reason"] | null;
  detail: string | null;
  reports: number;
};

const TRANSACTION = { timeoutMs: 60_000 };
/** Of one transaction. */
const MAX_MESSAGES = 500;
const MAX_BYTES = 32 * 1024 * 1024;

/** Without a look-up of DKIM keys the trust of imported mails stays unknown. */
export type ImportDeps = { lookUpKey?: DkimKeyLookUp };

/**
 * Keeps and counts the reports in a file, for whichever of the account's domains they are about.
 *
 * A report that was counted before, by whatever way it came, is not counted again.
 */
export async function importReport(
  ctx: Context,
  file: ReportFile,
  deps: ImportDeps = {},
): Promise<ImportedFile> {
  const [imported] = await importReports(ctx, [file], deps);
  return imported ?? { state: "quarantined", reason: "no-report", detail: "It is empty.", reports: 0 };
}

/**
 * {@link importReport} for many files; answers in their order.
 *
 * Stored in transactions of {@link MAX_MESSAGES} messages at most: when one fails, those before it are kept, and importing the files
 * again counts nothing twice.
 */
export async function importReports(
  ctx: Context,
  files: readonly ReportFile[],
  deps: ImportDeps = {},
): Promise<ImportedFile[]> {
  requirePermission(ctx, "reports.change");
  const receivedAt = ctx.now();
  const messages: ImportedMessage[] = files.flatMap((file) =>
    (splitMbox(file.bytes) ?? [file.bytes]).map((raw) => ({
      accountId: ctx.accountId,
      id: newRowId(receivedAt),
      home: null,
      transport: "import" as const,
      raw,
      fileName: oneLine(file.fileName),
      receivedAt,
      file,
    })),
  );
  const lookUpKey = deps.lookUpKey ?? failToLookUp;
  const byFile = new Map<ReportFile, StoredMessage[]>(files.map((file) => [file, []]));
  for (const part of cutIntoParts(messages)) {
    const stored = await storePart(ctx, part, lookUpKey);
    for (const [index, { file }] of part.entries()) {
      const each = stored[index];
      if (each) byFile.get(file)?.push(each);
    }
  }
  return files.map((file) => summarize(byFile.get(file) ?? []));
}

type ImportedMessage = KeptMessage & { file: ReportFile };

function cutIntoParts(messages: readonly ImportedMessage[]): ImportedMessage[][] {
  const parts: ImportedMessage[][] = [];
  let bytes = 0;
  for (const message of messages) {
    const part = parts.at(-1);
    bytes += message.raw.length;
    if (part && part.length < MAX_MESSAGES && bytes <= MAX_BYTES) part.push(message);
    else {
      parts.push([message]);
      bytes = message.raw.length;
    }
  }
  return parts;
}

async function storePart(
  ctx: Context,
  messages: readonly ImportedMessage[],
  lookUpKey: DkimKeyLookUp,
): Promise<StoredMessage[]> {
  const db = sqlDatabase(ctx.db);
  const parsed = await parseMessages(messages, { lookUpKey });
  const directory = await loadDomainDirectory(db, parsed);
  const understood = parsed.map((each) => routeMessage(each, directory));
  await ensurePartitions(
    db,
    understood.flatMap(({ reports }) => reports.map(({ reportDay }) => reportDay)),
  );
  return inSqlTransaction(
    ctx.db,
    async (sql) => {
      const counted = await countUnderstoodMessages(sql, understood, ctx.now());
      await insertImportedMessages(sql, messages, counted);
      await recordReportEvents(sql, counted, ctx.now());
      return counted;
    },
    TRANSACTION,
  );
}

function summarize(stored: readonly StoredMessage[]): ImportedFile {
  const reports = stored.reduce((sum, message) => sum + message.reports, 0);
  const withProblem = stored.filter(({ problem }) => problem !== null);
  const [first] = withProblem;
  const count = stored.length === 1 ? "" : `${withProblem.length} of ${stored.length} mails: `;
  return {
    state: first
      ? "quarantined"
      : stored.some(({ state }) => state === "processed")
        ? "processed"
        : "duplicate",
    reason: first?.problem?.reason ?? null,
    detail: first?.problem ? `${count}${first.problem.detail}` : null,
    reports,
  };
}

/** For where no DNS is at hand: every key is unknown. */
export async function failToLookUp(): Promise<never> {
  throw Object.assign(new Error("No DNS"), { code: "ETIMEOUT" });
}
