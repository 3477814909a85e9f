import { Prisma } from "@waxseal/db";
import type { Context } from "../context.ts";
import { openMessage } from "../reports/answers/open-message.ts";
import { requirePermission } from "../require-permission.ts";
import { EXPORT_TYPES, type StreamedFile } from "../streamed-file.ts";
import { isReportTable } from "./account-tables.ts";

type Section = {
  /** The table's name, and the section's in the file. */
  readonly table: string;
  /** The rest of the primary key after account_id. */
  readonly key: readonly string[];
  /** Columns that are secret. */
  readonly without?: readonly string[];
  /** Rows held in memory at once; few where a row may be large. */
  readonly pageRows?: number;
  /** Further fields of a row, by its key. */
  readonly add?: (ctx: Context, key: { id: string }) => Promise<Record<string, unknown>>;
};

const SECTIONS: readonly Section[] = [
  { table: "member", key: ["id"] },
  { table: "invitation", key: ["id"], without: ["token_hash"] },
  { table: "account_sso", key: [], without: ["client_secret_jwe"] },
  { table: "sso_identity", key: ["subject"] },
  { table: "domain", key: ["id"] },
  { table: "domain_claim", key: ["domain"] },
  { table: "domain_share", key: ["domain_id"], without: ["token_hash"] },
  { table: "setup_record", key: ["domain_id", "kind"] },
  { table: "policy_version", key: ["domain_id", "version"] },
  { table: "policy_assessment", key: ["id"] },
  { table: "mx_sighting", key: ["domain_id", "mx_host"] },
  { table: "alert", key: ["id"] },
  { table: "incident", key: ["id"] },
  { table: "incident_alert", key: ["incident_id", "owner_id", "alert_id"] },
  { table: "channel", key: ["id"], without: ["target_jwe", "secret_jwe", "old_secret_jwe", "verify_hash"] },
  { table: "subscription", key: ["user_id"], without: ["unsubscribe_jwe", "unsubscribe_hash"] },
  { table: "monthly_recipient", key: ["id"], without: ["token_jwe", "token_hash"] },
  { table: "notification", key: ["id"] },
  { table: "delivery", key: ["id"] },
  { table: "certificate", key: ["id"], without: ["key_jwe"] },
  { table: "certificate_name", key: ["host"], without: ["order_key_jwe", "lease_owner"] },
  { table: "event", key: ["id"] },
  { table: "outgoing_mail", key: ["id"], without: ["sealed"] },
  { table: "kept_answer", key: ["key_hash"], without: ["body_jwe"] },
  { table: "policy_fetch", key: ["domain_id", "hour", "version", "status", "network"] },
  { table: "report_retention", key: [] },
  { table: "reporter_signer", key: ["name_key", "domain"] },
  { table: "account_brand", key: [] },
  { table: "brand_host", key: [], without: ["token"] },
  { table: "instruction_sheet", key: ["id"], without: ["token_hash"] },
  { table: "domain_tag", key: ["domain_id", "tag"] },
  { table: "saved_filter", key: ["id"] },
  { table: "policy_change", key: ["id"] },
  { table: "policy_change_line", key: ["change_id", "place"] },
  { table: "tls_report", key: ["report_day", "id"], pageRows: 200 },
  { table: "tls_daily_sessions", key: ["report_day", "domain_id", "reporter", "policy_type"] },
  {
    table: "tls_daily_failures",
    key: [
      "report_day",
      "domain_id",
      "reporter",
      "policy_type",
      "result_type",
      "sending_mta_ip",
      "mx_host",
      "reason_code",
    ],
  },
  { table: "report_message", key: ["id"], without: ["raw", "file_name"], add: readOwnBytes, pageRows: 100 },
];

const PAGE_ROWS = 1_000;

/**
 * Everything that is kept for the account, as one JSON object with an array per table, of any size; column names are those of the
 * database. Figures that are sums of others are left out. Raw messages are hexadecimal (`\x…`); those that name a domain which is not in this
 * account are null, with `raw_withheld`. Private keys, hashes of keys and of links are not in it.
 *
 * Read a page at a time while it is sent: rows that change meanwhile may be in it or not. A file that breaks off is not complete.
 *
 * @throws AppError `forbidden`
 */
export async function exportAccount(ctx: Context): Promise<StreamedFile> {
  requirePermission(ctx, "account.export");
  const account = await ctx.db.organization.findUniqueOrThrow({ where: { id: ctx.accountId } });
  return {
    fileName: `waxseal-${account.slug.replace(/[^a-z0-9-]/gi, "").slice(0, 60)}.json`,
    contentType: EXPORT_TYPES.json,
    chunks: writeSections(ctx, account.name),
  };
}

async function* writeSections(ctx: Context, name: string): AsyncGenerator<string> {
  yield `{"account":${JSON.stringify({ id: ctx.accountId, name })},"exportedAt":"${ctx.now().toISOString()}"`;
  for (const section of SECTIONS) {
    let separator = `,\n${JSON.stringify(section.table)}:[\n`;
    for await (const row of readRows(ctx, section)) {
      yield separator + row;
      separator = ",\n";
    }
    yield separator === ",\n" ? "\n]" : `${separator}]`;
  }
  yield "}\n";
}

/** The rows as JSON texts, in the order of the primary key. */
async function* readRows(ctx: Context, section: Section): AsyncGenerator<string> {
  const limit = section.pageRows ?? PAGE_ROWS;
  let last: string | undefined;
  for (;;) {
    const rows = await readPage(ctx, section, last, limit);
    for (const { row, key } of rows) yield section.add ? await addFields(ctx, section.add, row, key) : row;
    if (rows.length < limit || section.key.length === 0) return;
    last = rows.at(-1)?.key;
  }
}

async function addFields(
  ctx: Context,
  add: NonNullable<Section["add"]>,
  row: string,
  key: string,
): Promise<string> {
  const fields = JSON.stringify(await add(ctx, JSON.parse(key)));
  return `${row.slice(0, -1)},${fields.slice(1)}`;
}

/** The bytes of a message that its account may have; without them `raw_withheld` says so. */
async function readOwnBytes(ctx: Context, { id }: { id: string }): Promise<Record<string, unknown>> {
  const message = await openMessage(ctx, { id });
  const bytes = message?.bytes;
  return {
    raw: bytes ? `\\x${bytes.toString("hex")}` : null,
    raw_withheld: message !== undefined && !bytes,
    file_name: message?.fileName ?? null,
  };
}

function readPage(
  ctx: Context,
  { table, key, without = [] }: Section,
  last: string | undefined,
  limit: number,
): Promise<{ row: string; key: string }[]> {
  const name = Prisma.raw(table);
  const columns = key.map((column) => Prisma.raw(`t.${column}`));
  const isNext =
    last === undefined || columns.length === 0
      ? Prisma.sql`true`
      : Prisma.sql`(${Prisma.join(columns)}) > (${Prisma.join(
          key.map(
            (column) =>
              Prisma.sql`(select p.${Prisma.raw(column)} from jsonb_populate_record(null::${name}, ${last}::jsonb) p)`,
          ),
        )})`;
  const keyJson =
    key.length === 0
      ? Prisma.sql`'{}'::jsonb`
      : Prisma.raw(`jsonb_build_object(${key.map((column) => `'${column}', t.${column}`).join(", ")})`);
  // A table without a key has at most one row of an account.
  const order = columns.length === 0 ? Prisma.sql`t.account_id` : Prisma.join(columns);
  const owner = isReportTable(table) ? ctx.reports : ctx.db;
  return owner.$queryRaw`
    select (to_jsonb(t) - ${[...without]}::text[])::text as row, (${keyJson})::text as key
    from ${name} t
    where t.account_id = ${ctx.accountId} and ${isNext}
    order by ${order}
    limit ${limit}`;
}
