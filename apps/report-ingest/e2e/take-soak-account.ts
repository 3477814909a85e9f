import { type Database, openDatabase } from "@waxseal/db";
import type { SoakLog } from "./soak-ingest.ts";

/** What was sent beside what is there. Nothing went wrong when the four lists at the end are empty. */
export type SoakAccount = {
  sent: number;
  accepted: number;
  refused: Record<string, number>;
  retries: number;
  /** Tries that were not answered, or answered with "later" because no commit was confirmed; each may have been kept all the same. */
  unanswered: number;
  unconfirmed: number;
  /** Rows of report_message by state and reason. */
  kept: Record<string, number>;
  reportsSent: number;
  reportsCounted: number;
  sessionsCounted: number;
  /** Messages accepted and not there as often as they were accepted. */
  lost: string[];
  /** Messages there more often than they were accepted, unanswered or unconfirmed: a refusal must store nothing. */
  unexplained: string[];
  /** Reports accepted and not counted. */
  reportsLost: string[];
  /** Reports counted twice or never accepted. */
  reportsTooMany: string[];
};

const PATIENCE_MS = 120_000;

/** Waits until every message was understood, and compares. */
export async function takeSoakAccount(databaseUrl: string, log: SoakLog): Promise<SoakAccount> {
  const db = openDatabase(databaseUrl);
  try {
    await untilUnderstood(db);
    const kept = await db.$queryRaw<{ sha256: string; rows: number }[]>`
      select content_sha256 as sha256, count(*)::int as rows from report_message group by 1`;
    const rowsOf = new Map(kept.map(({ sha256, rows }) => [sha256, rows]));
    const states = await db.$queryRaw<{ state: string; rows: number }[]>`
      select concat_ws(', ', state::text, quarantine_reason) as state, count(*)::int as rows
      from report_message group by 1 order by 1`;
    const reports = await db.$queryRaw<{ id: string }[]>`select report_id as id from tls_report`;
    const daily = await db.$queryRaw<{ reports: number; sessions: number }[]>`
      select coalesce(sum(reports), 0)::int as reports, coalesce(sum(counted_successful), 0)::int as sessions
      from tls_daily_sessions`;
    const ids = reports.map(({ id }) => id);
    const distinct = new Set(ids);
    return {
      sent: log.sent,
      accepted: total(log.accepted),
      refused: Object.fromEntries(log.refused),
      retries: log.retries,
      unanswered: total(log.unanswered),
      unconfirmed: total(log.unconfirmed),
      kept: Object.fromEntries(states.map(({ state, rows }) => [state, rows])),
      reportsSent: log.reportIds.size,
      reportsCounted: daily[0]?.reports ?? 0,
      sessionsCounted: daily[0]?.sessions ?? 0,
      lost: [...log.accepted].filter(([sha, times]) => (rowsOf.get(sha) ?? 0) < times).map(([sha]) => sha),
      unexplained: [...rowsOf]
        .filter(([sha, rows]) => rows > triesThatMayBeKept(log, sha))
        .map(([sha]) => sha),
      reportsLost: [...log.reportIds].filter((id) => !distinct.has(id)),
      reportsTooMany: [
        ...ids.filter((id, index) => ids.indexOf(id) !== index),
        ...[...distinct].filter((id) => !log.reportIds.has(id)),
      ],
    };
  } finally {
    await db.$disconnect();
  }
}

function triesThatMayBeKept({ accepted, unanswered, unconfirmed }: SoakLog, sha256: string): number {
  return [accepted, unanswered, unconfirmed].reduce((sum, tries) => sum + (tries.get(sha256) ?? 0), 0);
}

async function untilUnderstood(db: Database): Promise<void> {
  for (const untilMs = Date.now() + PATIENCE_MS; Date.now() < untilMs; ) {
    const rows = await db.$queryRaw<object[]>`select 1 from report_message where state = 'received' limit 1`;
    if (rows.length === 0) return;
    await new Promise((resolve) => setTimeout(resolve, 200));
  }
  throw new Error("messages are still waiting to be understood");
}

function total(counts: ReadonlyMap<string, number>): number {
  return [...counts.values()].reduce((sum, times) => sum + times, 0);
}
