import { chmod, mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { parseArgs } from "node:util";
import { type Context, createContext, jobActor } from "@waxseal/core";
import { exportReports, listFailureClusters, listReports, summarizeSessions } from "@waxseal/core/reports";
import { migrate, openDatabase, startEmbeddedPostgres } from "@waxseal/db";
import type { BenchReport } from "./bench-report.ts";
import { recordQueries, type SlowQuery } from "./record-queries.ts";
import { type SeededAccount, seedDailyRows } from "./seed-daily-rows.ts";

const NOW = new Date("2026-03-15T06:00:00Z");
const DAYS = 90;

type Question = (ctx: Context, domainId: string | undefined) => Promise<unknown>;

const SUMMARIES = (["day", "result", "source", "mx", "policy"] as const).map(
  (groupBy): [string, Question] => [
    `summary by ${groupBy}`,
    (ctx, domainId) => summarizeSessions(ctx, { groupBy, domainId }),
  ],
);

const QUESTIONS: readonly [string, Question][] = [
  ...SUMMARIES,
  ["failure clusters", (ctx, domainId) => listFailureClusters(ctx, { domainId })],
  ["reports, first page", (ctx, domainId) => listReports(ctx, { limit: 50, domainId })],
  [
    "reports with one result",
    (ctx, domainId) => listReports(ctx, { limit: 50, domainId, result: "certificate-expired" }),
  ],
  ["export, first page", readFirstPage],
];

/** Every question of the dashboard about reports, of the largest account and of a small one. */
export async function run(args: readonly string[], tell: (line: string) => void): Promise<BenchReport> {
  const { values } = parseArgs({
    args: [...args],
    options: {
      /** Rows of both daily tables together. */
      rows: { type: "string", default: "2000000" },
      domains: { type: "string", default: "2000" },
      repeats: { type: "string", default: "20" },
      /** Has Postgres explain the slowest query. */
      explain: { type: "boolean", default: false },
    },
  });
  const [rowCount, domains, repeats] = [values.rows, values.domains, values.repeats].map(Number);
  const folder = await mkdtemp(join(tmpdir(), "waxseal-bench-"));
  await chmod(folder, 0o711);
  const postgres = await startEmbeddedPostgres({ dataDir: join(folder, "postgres") });
  const db = openDatabase(postgres.databaseUrl, { poolSize: 4 });
  try {
    await migrate(postgres.databaseUrl);
    tell(`making ${rowCount} rows`);
    const seed = { rows: rowCount ?? 0, domains: domains ?? 0, days: DAYS, today: "2026-03-15" };
    const seedStart = performance.now();
    const accounts = await seedDailyRows(db, seed);
    const seedSeconds = Math.round((performance.now() - seedStart) / 1_000);
    tell(`made and settled in ${seedSeconds} s`);
    const [largest, small] = [accounts[0], accounts.at(-1)];
    if (!largest || !small) throw new Error("There are no domains to ask about.");
    const recorder = recordQueries(db);
    const rows = [];
    for (const [asker, account, domainId] of askers(largest, small)) {
      const source = { db: recorder.db, now: () => NOW };
      const ctx = createContext(source, account.accountId, jobActor("bench"));
      for (const [name, ask] of QUESTIONS) {
        const times = await time(repeats ?? 1, () => ask(ctx, domainId));
        rows.push({
          asker,
          question: name,
          "p50 ms": at(times, 0.5),
          "p95 ms": at(times, 0.95),
          "max ms": at(times, 1),
        });
      }
      tell(`${asker}: done`);
    }
    const slowest = recorder.slowest();
    return {
      title: "Reports: the dashboard's questions, over the last 30 days",
      conditions: [
        `${rowCount} daily rows of ${domains} domains, ${accounts.length} accounts, ${DAYS} days; the largest account has ${largest.domains} domains. Made and settled in ${seedSeconds} s.`,
        `Each question ${repeats} times after one that warms up; one at a time, from verb to answer, Postgres on the same machine.`,
        ...(values.explain && slowest ? await explain(recorder.explain, slowest) : []),
      ],
      tables: [{ title: "Questions", rows }],
    };
  } finally {
    await db.$disconnect();
    await postgres.stop();
    await rm(folder, { recursive: true, force: true });
  }
}

function askers(
  largest: SeededAccount,
  small: SeededAccount,
): [name: string, account: SeededAccount, domainId: string | undefined][] {
  return [
    ["largest account", largest, undefined],
    ["one domain of it", largest, largest.domainId],
    ["small account", small, undefined],
  ];
}

async function readFirstPage(ctx: Context, domainId: string | undefined): Promise<unknown> {
  const { chunks } = await exportReports(ctx, { view: "failures", format: "csv", domainId });
  let count = 0;
  for await (const _chunk of chunks) if (++count === 2) break;
  return count;
}

async function time(repeats: number, ask: () => Promise<unknown>): Promise<number[]> {
  await ask();
  const times: number[] = [];
  for (let repeat = 0; repeat < repeats; repeat++) {
    const start = performance.now();
    await ask();
    times.push(performance.now() - start);
  }
  return times.toSorted((a, b) => a - b);
}

function at(sorted: readonly number[], share: number): number | undefined {
  return sorted[Math.max(0, Math.ceil(sorted.length * share) - 1)];
}

async function explain(explainQuery: (query: SlowQuery) => Promise<string[]>, slowest: SlowQuery) {
  const plan = await explainQuery(slowest);
  return [`Slowest query, ${Math.round(slowest.ms)} ms:`, ...plan.map((line) => `  ${line}`)];
}
