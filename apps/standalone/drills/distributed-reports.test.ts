import type { Context } from "@waxseal/core";
import { exportAccount } from "@waxseal/core/closing";
import {
  deliverReportEffects,
  expireReports,
  exportReports,
  getReport,
  importReports,
  listFailureClusters,
  listQuarantine,
  listReports,
  listUncheckedMessages,
  processReportMessages,
  type ReportFile,
  readReportQueue,
  receiveReport,
  recheckReportTrust,
  recountReports,
  reparseQuarantine,
  settleReportDays,
  startRecount,
  summarizeSessions,
  type TokenOwner,
} from "@waxseal/core/reports";
import {
  createTestAccount,
  createTestDomain,
  testFailure,
  testPolicy,
  testReportJson,
  testReportMail,
} from "@waxseal/core/reports/testing";
import { sweepJudgements } from "@waxseal/core/watching";
import {
  type Database,
  distributeReports,
  migrate,
  openDatabase,
  REPORT_TABLES,
  reportsOf,
  sqlDatabase,
} from "@waxseal/db";
import { createTestDatabase } from "@waxseal/db/testing";
import pg from "pg";
import { expect, inject, test } from "vitest";

/**
 * A database of a Citus cluster whose extension and nodes are set up, and which is otherwise empty. A second database, `<name>_plain`, is
 * created on the same server for comparison. Without it this drill only shows that plain Postgres is refused.
 */
const CLUSTER = process.env.TEST_CITUS_URL;

const ACCOUNTS = 20;
const MESSAGES_EACH = 10;
const IMPORTED = 1_000;
const ASKED = 15;
const START = Date.parse("2026-03-15T06:00:00Z");
const RANGE = { from: "2026-03-01", to: "2026-03-31" };

test("plain Postgres is not distributed", async () => {
  const database = await createTestDatabase(inject("templateDatabaseUrl"), { isSplit: false });
  await expect(distributeReports(database.databaseUrl)).rejects.toThrow("Citus extension");
  await database.drop();
});

test.each(CLUSTER ? [CLUSTER] : [])(
  "the whole main job gives the same answers with distributed reports as on plain Postgres",
  async (cluster) => {
    const plain = await createPlainTwin(cluster);
    await migrate(cluster);
    for (const step of await distributeReports(cluster)) console.log(step);
    expect(await distributeReports(cluster)).toEqual([]);
    const one = await runMainJob(plain);
    const many = await runMainJob(cluster);
    console.table(
      Object.entries(one.times).map(([step, ms]) => {
        const distributed = many.times[step] ?? 0;
        return {
          step,
          "plain ms": Number(ms.toFixed(1)),
          "distributed ms": Number(distributed.toFixed(1)),
          ratio: Number((distributed / ms).toFixed(1)),
        };
      }),
    );
    expect(many.answers).toEqual(one.answers);
    expect(many.left).toEqual(Object.fromEntries(REPORT_TABLES.map((table) => [table, 0])));
  },
);

async function createPlainTwin(cluster: string): Promise<string> {
  const url = Object.assign(new URL(cluster), { pathname: `${new URL(cluster).pathname}_plain` });
  const admin = new pg.Client({
    connectionString: Object.assign(new URL(cluster), { pathname: "/postgres" }).href,
  });
  await admin.connect();
  const name = admin.escapeIdentifier(url.pathname.slice(1));
  await admin.query(`drop database if exists ${name} with (force)`);
  await admin.query(`create database ${name}`);
  await admin.end();
  await migrate(url.href);
  return url.href;
}

type Recorded = {
  answers: Record<string, unknown>;
  times: Record<string, number>;
  left: Record<string, number>;
};

/** Everything that happens to reports from arrival to the end of their account, on state of its own. */
async function runMainJob(reportsDatabaseUrl: string): Promise<Recorded> {
  const state = await createTestDatabase(inject("templateDatabaseUrl"), { isSplit: false });
  const db = openDatabase(state.databaseUrl, { reportsDatabaseUrl });
  const recorded: Recorded = { answers: {}, times: {}, left: {} };
  try {
    await takeSteps(db, recorded);
  } finally {
    await db.$disconnect();
    await state.drop();
  }
  return recorded;
}

async function takeSteps(db: Database, { answers, times, left }: Recorded): Promise<void> {
  let at = START;
  const now = () => new Date(at);
  const deps = {
    db,
    now,
    lookUpKey: async () => Promise.reject(Object.assign(new Error("No DNS"), { code: "ETIMEOUT" })),
  };
  const owners: TokenOwner[] = [];
  for (let index = 0; index < ACCOUNTS; index++)
    owners.push(await createTestDomain(await createTestAccount(db, now), `d${index}.example`));
  const ctx = await createTestAccount(db, now);
  const own = await createTestDomain(ctx, "own.example");

  const step = async <T>(name: string, work: () => Promise<T>, repeats = 1): Promise<T> => {
    const taken: number[] = [];
    let answer = await work();
    for (let repeat = 0; repeat < repeats; repeat++) {
      const start = performance.now();
      answer = await work();
      taken.push(performance.now() - start);
    }
    times[name] = taken.sort((a, b) => a - b)[Math.floor(taken.length / 2)] ?? 0;
    return answer;
  };
  /** Changes something, and so is done once. */
  const act = async <T>(name: string, work: () => Promise<T>): Promise<T> => {
    const start = performance.now();
    const answer = await work();
    times[name] = performance.now() - start;
    return answer;
  };
  const ask = async (name: string, work: () => Promise<unknown>) => {
    answers[name] = await step(name, work, ASKED);
  };

  await act("receive 200 messages of 20 accounts", () => receiveAll(db, owners, now));
  const batches = await act("process them", async () => {
    const states: string[] = [];
    for (let isBehind = true; isBehind; ) {
      const batch = await processReportMessages(deps, { batchSize: 50 });
      expect(batch.failed).toBe(0);
      states.push(...batch.stored.map((stored) => stored.state));
      isBehind = batch.isBehind;
    }
    return states.sort();
  });
  answers.processed = batches;
  const files = Array.from({ length: IMPORTED }, (_, index) => ({
    fileName: `${index}.json`,
    bytes: Buffer.from(reportAbout(own.domain, index)),
  }));
  answers.imported = await act("import 1,000 reports", () => importAll(ctx, files));
  answers.again = await act("import them again", () => importAll(ctx, files));
  answers.settled = await act("settle", () => settleReportDays({ db }));
  await act("settle one day", async () => {
    await importReports(ctx, [{ fileName: "x.json", bytes: Buffer.from(reportAbout(own.domain, IMPORTED)) }]);
    await settleReportDays({ db });
  });
  for (const groupBy of ["day", "result", "source", "mx", "policy"] as const)
    await ask(
      `summary by ${groupBy}`,
      async () => (await summarizeSessions(ctx, { ...RANGE, groupBy })).totals,
    );
  await ask("clusters", async () =>
    (await listFailureClusters(ctx, RANGE)).items.map(({ failedSessions }) => failedSessions),
  );
  const page = await step("first page of reports", () => listReports(ctx, { ...RANGE, limit: 50 }), ASKED);
  // Reports of one day come in the order of their ids, which are random.
  answers.page = page.items.map(({ reportDay, failedSessions }) => [reportDay, failedSessions]);
  const reportId = page.items[0]?.id ?? "";
  await ask("one report", async () => (await getReport(ctx, { reportId })).domain);
  for (const view of ["daily", "failures", "reports"] as const)
    await ask(`export of ${view}, first page`, async () => {
      const { chunks } = await exportReports(ctx, { ...RANGE, view, format: "csv" });
      let count = 0;
      for await (const _chunk of chunks) if (++count === 2) break;
      return count;
    });
  await ask("quarantine", async () => (await listQuarantine(ctx, { limit: 50 })).items.length);
  answers.recounted = await act("recount", async () => {
    await startRecount(ctx);
    return recountReports({ db, now });
  });
  const unchecked = await listUncheckedMessages(deps, { since: new Date(0), limit: 5 });
  for (const key of unchecked) await recheckReportTrust({ ...deps, lookUpKey: async () => [] }, key);
  answers.reparsed = (
    await act("reprocess the quarantine", () => reparseQuarantine(ctx, { limit: 50 }))
  ).read;
  await act("judge what changed", () => sweepJudgements({ db, now }));
  await deliverReportEffects(db);
  answers.exported = await act("export of the account", async () => {
    const kinds: string[] = [];
    for await (const chunk of (await exportAccount(ctx)).chunks)
      kinds.push(...(chunk.match(/"(?:report_message|tls_\w+)"/g) ?? []));
    return [...new Set(kinds)].sort();
  });
  await settleReportDays({ db });
  answers.queue = await (await readReportQueue(sqlDatabase(reportsOf(db)))).unprocessed;
  at += 100 * 86_400_000;
  answers.expired = (await act("expire raw messages", () => expireReports({ db, now }))).messages;
  for (const table of REPORT_TABLES) {
    for (const accountId of [...owners.map((owner) => owner.accountId), ctx.accountId])
      await reportsOf(db).$executeRawUnsafe(`delete from ${table} where account_id = $1`, accountId);
  }
  for (const table of REPORT_TABLES) {
    const [row] = await reportsOf(db).$queryRawUnsafe<{ rows: number }[]>(
      `select count(*)::int as rows from ${table}`,
    );
    left[table] = row?.rows ?? -1;
  }
}

function reportAbout(domain: string, index: number): string {
  const day = `2026-03-${String(1 + (index % 14)).padStart(2, "0")}`;
  const failureDetails = Array.from({ length: 3 }, (_, place) =>
    testFailure({ failedSessions: 1, sendingMtaIp: `192.0.2.${(index * 3 + place) % 250}` }),
  );
  return testReportJson(day, {
    reportId: `r${index}`,
    organizationName: `Reporter ${index % 5}`,
    policies: [testPolicy(domain, { failedSessions: 3, failureDetails })],
  });
}

async function receiveAll(db: Database, owners: readonly TokenOwner[], now: () => Date): Promise<void> {
  for (let index = 0; index < MESSAGES_EACH; index++) {
    for (const owner of owners)
      await receiveReport(db, {
        owners: [owner],
        transport: "smtp",
        raw: testReportMail(reportAbout(owner.domain, index)),
        remoteAddress: null,
        envelopeFrom: null,
        contentType: null,
        receivedAt: now(),
      });
  }
}

async function importAll(ctx: Context, files: ReportFile[]): Promise<Record<string, number>> {
  const states = (await importReports(ctx, files)).map(({ state }) => state);
  return Object.fromEntries(
    [...Map.groupBy(states, (state) => state)].map(([state, all]) => [state, all.length]),
  );
}
