import {
  type Database,
  isDatabaseAway,
  isOneDatabase,
  type ReportTransport,
  reportsOf,
  sqlDatabase,
} from "@waxseal/db";
import type { SqlDatabase } from "@waxseal/db/sql";
import { ensurePartitions } from "../arriving/ensure-partitions.ts";
import type { DkimKeyLookUp } from "../trust/create-dkim-key-look-up.ts";
import { settleClaims } from "../trust/settle-claims.ts";
import { loadDomainDirectory, toOwnDomain } from "../understanding/load-domain-directory.ts";
import type { KeptMessage } from "../understanding/parse-message.ts";
import { parseMessages } from "../understanding/parse-messages.ts";
import { routeMessage } from "../understanding/route-message.ts";
import type { OwnDomain } from "../understanding/route-policies.ts";
import { inReportsTransaction, type ReportsWork } from "./in-reports-transaction.ts";
import { type LockedRow, lockNextByAccount, lockNextMessages } from "./lock-next-messages.ts";
import { listReportEvents } from "./record-report-events.ts";
import { type StoredMessage, storeUnderstoodMessages } from "./store-understood-messages.ts";

/** What understanding a message needs. */
export type ProcessDeps = {
  db: Database;
  now(): Date;
  lookUpKey: DkimKeyLookUp;
  /** Called for every failed try, with the message's id. */
  onFailure?(error: unknown, messageId: string): void;
};

/** What a batch did. `isBehind`: it was full, there may be more. */
export type ProcessedBatch = { stored: StoredMessage[]; failed: number; isBehind: boolean };

/** Which message. */
export type MessageKey = { accountId: string; id: string };

const MAX_ATTEMPTS = 8;
const MAX_BATCH_BYTES = 32 * 1024 * 1024;
const TRANSACTION = { timeoutMs: 120_000 };

/**
 * Understands the next messages that wait, oldest first, and counts their reports.
 *
 * Messages stay locked meanwhile and others pass them by, so any number of processes may do this at once. Everything
 * that comes of a message is committed together: whatever is killed, it is counted once. Where a batch fails, its messages are
 * tried one by one; one that fails alone is tried again after 2, 4, 8 … seconds, and is in quarantine after eight times.
 */
export async function processReportMessages(
  deps: ProcessDeps,
  { batchSize }: { batchSize: number },
): Promise<ProcessedBatch> {
  let locked: MessageKey[] = [];
  try {
    const stored = await inReportsTransaction(
      deps,
      async (transaction) => {
        const lockNext = transaction.isDistributed ? lockNextByAccount : lockNextMessages;
        locked = firstThatFit(await lockNext(transaction.sql, deps.now(), batchSize));
        return understand(transaction, deps, locked);
      },
      TRANSACTION,
    );
    return { stored, failed: 0, isBehind: stored.length === batchSize };
  } catch (error) {
    // Nothing was locked: Postgres is away, or the query itself is wrong. Neither is a message's fault.
    if (locked.length === 0 || (await isStateAway(deps.db, error))) throw error;
    return processOneByOne(deps, locked);
  }
}

/** Understands one message now, whatever its state; `undefined` when another process has it or it is gone. */
export async function processReportMessage(
  deps: ProcessDeps,
  key: MessageKey,
): Promise<StoredMessage | undefined> {
  const [stored] = await inReportsTransaction(
    deps,
    async (transaction) => {
      const rows = await transaction.sql.$queryRaw<LockedRow[]>`
        select account_id, id::text, octet_length(raw) as bytes from report_message
        where account_id = ${key.accountId} and id = ${key.id}::uuid
        for update skip locked`;
      return understand(transaction, deps, rows.map(toKey));
    },
    TRANSACTION,
  );
  return stored;
}

async function processOneByOne(deps: ProcessDeps, keys: readonly MessageKey[]): Promise<ProcessedBatch> {
  const batch: ProcessedBatch = { stored: [], failed: 0, isBehind: true };
  for (const key of keys) {
    try {
      const stored = await processReportMessage(deps, key);
      if (stored) batch.stored.push(stored);
    } catch (error) {
      if (await isStateAway(deps.db, error)) throw error;
      deps.onFailure?.(error, key.id);
      batch.failed++;
      await noteFailure(deps, key);
    }
  }
  return batch;
}

/** With only state away every message would fail, and be in quarantine in the end, for nothing that is wrong with it. */
async function isStateAway(db: Database, error: unknown): Promise<boolean> {
  if (isOneDatabase(db) || !isDatabaseAway(error)) return false;
  return sqlDatabase(db).$queryRaw`select 1`.then(
    () => false,
    () => true,
  );
}

async function noteFailure({ db, now }: ProcessDeps, key: MessageKey): Promise<void> {
  const detail = "Waxseal failed to read this message. It is kept and can be reprocessed once that is fixed.";
  await reportsOf(db).$executeRaw`
    update report_message
    set attempts = attempts + 1, processed_at = ${now()}::timestamptz,
      state = case when attempts + 1 >= ${MAX_ATTEMPTS} then 'quarantined'::report_message_state else state end,
      quarantine_reason = case when attempts + 1 >= ${MAX_ATTEMPTS} then 'processing-failed' end,
      quarantine_detail = case when attempts + 1 >= ${MAX_ATTEMPTS} then ${detail} end
    where account_id = ${key.accountId} and id = ${key.id}::uuid and state = 'received'`;
}

/** As many as fit into memory together; the first in any case. */
function firstThatFit(rows: readonly LockedRow[]): MessageKey[] {
  let bytes = 0;
  return rows
    .filter((row, index) => {
      bytes += row.bytes;
      return index === 0 || bytes <= MAX_BATCH_BYTES;
    })
    .map(toKey);
}

async function understand(
  transaction: ReportsWork,
  deps: ProcessDeps,
  keys: readonly MessageKey[],
): Promise<StoredMessage[]> {
  if (keys.length === 0) return [];
  const { sql, state, cause } = transaction;
  const messages = await readMessages({ reports: sql, state }, keys);
  const parsed = await parseMessages(messages, deps);
  await settleClaims(state, parsed);
  const directory = await loadDomainDirectory(state, parsed);
  await ensurePartitions(
    reportsOf(deps.db),
    parsed.flatMap((each) => each.parsed.map(({ report }) => report.reportDay)),
  );
  const understood = parsed.map((each) => routeMessage(each, directory));
  const stored = await storeUnderstoodMessages(transaction, understood, deps.now());
  cause({ events: listReportEvents(stored, deps.now()) });
  return stored;
}

type MessageRow = {
  account_id: string;
  id: string;
  transport: ReportTransport;
  raw: Uint8Array;
  file_name: string | null;
  received_at: Date;
  token: string | null;
};
type HomeRow = { account_id: string; token: string; id: string; domain: string; mx_hosts: unknown };

/** Messages as they were kept, oldest first; those that are gone are left out. */
export async function readMessages(
  { reports, state }: { reports: SqlDatabase; state: SqlDatabase },
  keys: readonly MessageKey[],
): Promise<KeptMessage[]> {
  const rows = await reports.$queryRaw<MessageRow[]>`
    select m.account_id, m.id::text, m.transport::text, m.raw, m.file_name, m.received_at, m.token
    from unnest(${keys.map(({ accountId }) => accountId)}::text[], ${keys.map(({ id }) => id)}::uuid[]) as k(account_id, id)
    join report_message m on m.account_id = k.account_id and m.id = k.id
    order by m.received_at, m.id`;
  const homes = await findHomes(state, rows);
  const dailyDays = await findDailyDays(state, rows);
  return rows.map((row) => ({
    accountId: row.account_id,
    id: row.id,
    home: homes.get(homeKey(row)) ?? null,
    transport: row.transport,
    raw: Buffer.from(row.raw.buffer, row.raw.byteOffset, row.raw.byteLength),
    fileName: row.file_name,
    receivedAt: row.received_at,
    dailyDays: dailyDays.get(row.account_id),
  }));
}

/** A token leads to a domain of the account it was made for only. */
function homeKey({ account_id, token }: { account_id: string; token: string | null }): string {
  return `${account_id} ${token}`;
}

/** The domains whose tokens messages were sent to. */
async function findHomes(db: SqlDatabase, rows: readonly MessageRow[]): Promise<Map<string, OwnDomain>> {
  const tokens = [...new Set(rows.map(({ token }) => token))].filter((token) => token !== null);
  if (tokens.length === 0) return new Map();
  const homes = await db.$queryRaw<HomeRow[]>`
    select d.account_id, t.token, d.id::text, d.domain, d.mx_hosts
    from domain_token t join domain d on d.account_id = t.account_id and d.id = t.domain_id
    where t.token = any(${tokens}::text[])`;
  return new Map(homes.map((home) => [homeKey(home), toOwnDomain(home)]));
}

/** How many days of figures the accounts of messages keep, where they have chosen. */
async function findDailyDays(db: SqlDatabase, rows: readonly MessageRow[]): Promise<Map<string, number>> {
  const accountIds = [...new Set(rows.map(({ account_id }) => account_id))];
  const chosen = await db.$queryRaw<{ account_id: string; daily_days: number }[]>`
    select account_id, daily_days from report_retention where account_id = any(${accountIds}::text[])`;
  return new Map(chosen.map((row) => [row.account_id, row.daily_days]));
}

function toKey(row: LockedRow): MessageKey {
  return { accountId: row.account_id, id: row.id };
}
