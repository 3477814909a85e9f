import { sqlDatabase } from "@waxseal/db";
import type { Context } from "../../context.ts";
import { newRowId } from "../../new-row-id.ts";
import { requirePermission } from "../../require-permission.ts";
import { ensurePartitions } from "../arriving/ensure-partitions.ts";
import { oneLine } from "../arriving/receive-report.ts";
import { listImportPieces, type ReportFile } from "../reading/list-import-pieces.ts";
import type { ReportProblem } from "../reading/report-problem.ts";
import type { DkimKeyLookUp } from "../trust/create-dkim-key-look-up.ts";
import { settleClaims } from "../trust/settle-claims.ts";
import { loadDomainDirectory } from "../understanding/load-domain-directory.ts";
import type { KeptMessage } from "../understanding/parse-message.ts";
import { parseMessages } from "../understanding/parse-messages.ts";
import { routeMessage } from "../understanding/route-message.ts";
import { inReportsTransaction } from "./in-reports-transaction.ts";
import { insertImportedMessages } from "./insert-imported-messages.ts";
import { listReportEvents } from "./record-report-events.ts";
import { countUnderstoodMessages, type StoredMessage } from "./store-understood-messages.ts";

/**
 * What became of a file, all messages in it together. `found` are its reports: those counted now (`reports`), those counted before
 * (`duplicates`), and those that could not be used. `notUsed` names each thing that was not used, a report or not; at most 100 of
 * `notUsedCount`.
 */
export type ImportedFile = {
  state: StoredMessage["state"];
  reason: ReportProblem["reason"] | null;
  detail: string | null;
  found: number;
  reports: number;
  duplicates: number;
  notUsedCount: number;
  notUsed: NotUsed[];
};

/** `place` says where in the file it is, "" for the file as a whole. */
export type NotUsed = ReportProblem & { place: string };

const MAX_NOT_USED = 100;
const TRANSACTION = { timeoutMs: 60_000 };
/** Most messages in one transaction. */
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
  return imported ?? summarize([]);
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
  const lookUpKey = deps.lookUpKey ?? failToLookUp;
  const retention = await ctx.db.reportRetention.findUnique({ where: { accountId: ctx.accountId } });
  const byFile = new Map<ReportFile, StoredPiece[]>(files.map((file) => [file, []]));
  for (const part of cutIntoParts(
    listMessages(ctx, files, { receivedAt, dailyDays: retention?.dailyDays }),
  )) {
    const stored = await storePart(ctx, part, lookUpKey);
    for (const [index, { file, place }] of part.entries()) {
      const each = stored[index];
      if (each) byFile.get(file)?.push({ ...each, place });
    }
  }
  return files.map((file) => summarize(byFile.get(file) ?? []));
}

type ImportedMessage = KeptMessage & { file: ReportFile; place: string };
type StoredPiece = StoredMessage & { place: string };

function* listMessages(
  ctx: Context,
  files: readonly ReportFile[],
  { receivedAt, dailyDays }: Pick<KeptMessage, "receivedAt" | "dailyDays">,
): Generator<ImportedMessage> {
  for (const file of files) {
    for (const { raw, fileName, place } of listImportPieces(file)) {
      yield {
        accountId: ctx.accountId,
        id: newRowId(receivedAt),
        home: null,
        transport: "import",
        raw,
        fileName: oneLine(fileName),
        receivedAt,
        dailyDays,
        file,
        place,
      };
    }
  }
}

/** Parts that fit into one transaction, made as they are asked for: an archive may unpack to much. */
function* cutIntoParts(messages: Iterable<ImportedMessage>): Generator<ImportedMessage[]> {
  let part: ImportedMessage[] = [];
  let bytes = 0;
  for (const message of messages) {
    if (part.length > 0 && (part.length >= MAX_MESSAGES || bytes + message.raw.length > MAX_BYTES)) {
      yield part;
      part = [];
      bytes = 0;
    }
    part.push(message);
    bytes += message.raw.length;
  }
  if (part.length > 0) yield part;
}

async function storePart(
  ctx: Context,
  messages: readonly ImportedMessage[],
  lookUpKey: DkimKeyLookUp,
): Promise<StoredMessage[]> {
  const db = sqlDatabase(ctx.db);
  const parsed = await parseMessages(messages, { lookUpKey });
  await settleClaims(db, parsed);
  const directory = await loadDomainDirectory(db, parsed);
  const understood = parsed.map((each) => routeMessage(each, directory));
  await ensurePartitions(
    ctx.reports,
    understood.flatMap(({ reports }) => reports.map(({ reportDay }) => reportDay)),
  );
  return inReportsTransaction(
    ctx,
    async (transaction) => {
      const counted = await countUnderstoodMessages(transaction, understood, ctx.now());
      await insertImportedMessages(transaction.sql, messages, counted);
      transaction.cause({ events: listReportEvents(counted, ctx.now()) });
      return counted;
    },
    TRANSACTION,
  );
}

/** Problems of files that are reports nevertheless. */
const REPORT_PROBLEMS: ReadonlySet<string> = new Set([
  ...[
    "truncated",
    "bad-gzip",
    "encrypted-archive",
    "too-large",
    "not-json",
    "not-a-report",
    "bad-dates",
    "other-domain",
    "changed-copy",
  ],
]);

function summarize(stored: readonly StoredPiece[]): ImportedFile {
  const reports = stored.reduce((sum, message) => sum + message.reports, 0);
  const duplicates = stored.reduce((sum, message) => sum + message.duplicates, 0);
  const notUsed = stored.flatMap(({ problems, place }) => problems.map((problem) => ({ ...problem, place })));
  const [first] = notUsed;
  const broken = notUsed.filter(({ reason }) => REPORT_PROBLEMS.has(reason)).length;
  return {
    state: first ? "quarantined" : reports > 0 || duplicates === 0 ? "processed" : "duplicate",
    reason: first?.reason ?? null,
    detail: first ? describeNotUsed(notUsed, stored.length) : null,
    found: reports + duplicates + broken,
    reports,
    duplicates,
    notUsedCount: notUsed.length,
    notUsed: notUsed.slice(0, MAX_NOT_USED),
  };
}

function describeNotUsed([first, ...others]: readonly NotUsed[], pieces: number): string {
  const where = first?.place ? `${first.place}: ` : "";
  const count = pieces > 1 ? `${others.length + 1} of ${pieces} parts not used. ` : "";
  const more = others.length > 0 ? ` ${others.length} more.` : "";
  return `${count}${where}${first?.detail ?? ""}${more}`;
}

/** For where no DNS is at hand: every key is unknown. */
export async function failToLookUp(): Promise<never> {
  throw Object.assign(new Error("No DNS"), { code: "ETIMEOUT" });
}
