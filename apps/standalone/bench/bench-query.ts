import { chmod, mkdir, mkdtemp, rm } from "node:fs/promises";
import { loadavg, tmpdir } from "node:os";
import { join } from "node:path";
import { parseArgs } from "node:util";
import { type Context, createContext, jobActor } from "@waxseal/core";
import { getHome, listDomains, listPortfolio } from "@waxseal/core/portfolio";
import {
  exportReports,
  listFailureClusters,
  listReports,
  settleReportDays,
  summarizeSessions,
} from "@waxseal/core/reports";
import { type Database, migrate, openDatabase, reportsOf, startEmbeddedPostgres } from "@waxseal/db";
import type { BenchReport } from "./bench-report.ts";
import { importAtSize } from "./import-at-size.ts";
import { recordQueries, type SlowQuery } from "./record-queries.ts";
import {
  listSeededAccounts,
  RARE_RESULT,
  type SeededAccount,
  seedDailyRows,
  settleSeededDays,
} from "./seed-daily-rows.ts";
import { percentile, timeRepeatedly } from "./time-repeatedly.ts";

const NOW = new Date("2026-03-15T06:00:00Z");
const SHARED_BUFFERS_MB = 1_024;
const DAYS = 90;

const QUARTER = { from: "2025-12-16", to: "2026-03-15" };

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
  [
    "reports with a rare result",
    (ctx, domainId) => listReports(ctx, { limit: 50, domainId, result: RARE_RESULT }),
  ],
  ["why one sender failed on one day", askAboutOneDay],
  ["the whole page at once", askForPage],
  ["failure clusters, 90 days", (ctx, domainId) => listFailureClusters(ctx, { ...QUARTER, domainId })],
  [
    "summary by day, 90 days",
    (ctx, domainId) => summarizeSessions(ctx, { ...QUARTER, domainId, groupBy: "day" }),
  ],
  ["export, first page", readFirstPage],
];

/** What a person sees first, and the list with the figures of each domain. */
const HOME: [string, Question] = ["home page", (ctx) => getHome(ctx)];
const OWN: readonly [string, Question][] = [
  HOME,
  ["domains with their figures, first 200", (ctx) => listDomains(ctx, { limit: 200 })],
];
const MANAGED: readonly [string, Question][] = [
  HOME,
  ["customers' domains with their figures, first 200", (ctx) => listPortfolio(ctx, { limit: 200 })],
];

/** Every question of the dashboard about reports, of the largest account, of a small one and of a provider with all of them. */
export async function run(args: readonly string[], tell: (line: string) => void): Promise<BenchReport> {
  const { values } = parseArgs({
    args: [...args],
    options: {
      /** Rows of both daily tables together. */
      rows: { type: "string", default: "10000000" },
      domains: { type: "string", default: "2000" },
      repeats: { type: "string", default: "20" },
      /** Reports that are imported at the end, into what is there. */
      imports: { type: "string", default: "5000" },
      /** The folder of the database, which stays and is used again; without it a new one, which goes. */
      keep: { type: "string" },
      /** Has Postgres explain the slowest query. */
      explain: { type: "boolean", default: false },
    },
  });
  const [rowCount, domains, repeats] = [values.rows, values.domains, values.repeats].map(Number);
  const folder = values.keep ?? (await mkdtemp(join(tmpdir(), "waxseal-bench-")));
  await mkdir(folder, { recursive: true });
  await chmod(folder, 0o711);
  const postgres = await startEmbeddedPostgres({
    dataDir: join(folder, "postgres"),
    sharedBuffersMb: SHARED_BUFFERS_MB,
  });
  const db = openDatabase(postgres.databaseUrl, { poolSize: 4 });
  try {
    await migrate(postgres.databaseUrl);
    const made: string[] = [];
    if ((await listSeededAccounts(db)).length === 0) {
      tell(`making ${rowCount} rows`);
      const seed = { rows: rowCount ?? 0, domains: domains ?? 0, days: DAYS, today: "2026-03-15" };
      made.push(`Made in ${await seconds(() => seedDailyRows(db, seed))} s.`);
    }
    tell("settling");
    let settled = 0;
    const settleSeconds = await seconds(async () => {
      settled = await settleSeededDays(db);
    });
    if (settled > 0) made.push(`${settled} days of accounts settled in ${settleSeconds} s.`);
    made.push(await describeSizes(db));
    for (const line of made) tell(line);
    const accounts = await listSeededAccounts(db);
    const [largest, small] = [accounts[0], accounts.at(-1)];
    if (!largest || !small) throw new Error("There are no domains to ask about.");
    for (const account of [largest, small]) made.push(await settleOneDay(db, account));
    // Reports about yesterday and today keep coming in: their days are read from the daily tables.
    await markLastDays(db, 2);
    const recorder = recordQueries(db);
    const rows = [];
    await makeProvider(db);
    for (const [asker, accountId, domainId, questions] of askers(largest, small)) {
      const source = { db: recorder.db, now: () => NOW };
      const ctx = createContext(source, accountId, jobActor("bench"));
      for (const [name, ask] of questions) {
        const times = await timeRepeatedly(repeats ?? 1, () => ask(ctx, domainId));
        rows.push({
          asker,
          question: name,
          "least ms": percentile(times, 0),
          "p50 ms": percentile(times, 0.5),
          "p95 ms": percentile(times, 0.95),
          "max ms": percentile(times, 1),
        });
      }
      tell(`${asker}: done`);
    }
    made.push(await exportMonth(createContext({ db, now: () => NOW }, largest.accountId, jobActor("bench"))));
    made.push(await importAtSize(db, largest, { count: Number(values.imports), now: NOW }));
    const load = loadavg().map((average) => average.toFixed(1));
    const slowest = recorder.slowest();
    return {
      title: "Reports: the dashboard's questions, over the last 30 days",
      conditions: [
        `${rowCount} daily rows of ${domains} domains, ${accounts.length} accounts, ${DAYS} days; the largest account has ${largest.domains} domains.`,
        ...made,
        "The last two days of every account are unsettled.",
        `Postgres with shared_buffers of ${SHARED_BUFFERS_MB} MB, as an operator of this many reports would give it.`,
        `Each question ${repeats} times after one that warms up; one at a time, from verb to answer, Postgres on the same machine. Load average at the end: ${load.join(", ")}.`,
        ...(values.explain && slowest ? await explain(recorder.explain, slowest) : []),
      ],
      tables: [{ title: "Questions", rows }],
    };
  } finally {
    await db.$disconnect();
    await postgres.stop();
    if (values.keep === undefined) await rm(folder, { recursive: true, force: true });
  }
}

type Asker = [
  name: string,
  accountId: string,
  domainId: string | undefined,
  questions: readonly [string, Question][],
];

function askers(largest: SeededAccount, small: SeededAccount): Asker[] {
  return [
    ["largest account", largest.accountId, undefined, [...OWN, ...QUESTIONS]],
    ["one domain of it", largest.accountId, largest.domainId, QUESTIONS],
    ["small account", small.accountId, undefined, [...OWN, ...QUESTIONS]],
    ["provider of all", PROVIDER, undefined, MANAGED],
  ];
}

const PROVIDER = "provider";

/** Makes every account a customer of one provider, which has no domain of its own. */
async function makeProvider(db: Database): Promise<void> {
  await db.$executeRaw`
    insert into account (id, name, slug, created_at) values (${PROVIDER}, ${PROVIDER}, ${PROVIDER}, now())
    on conflict (id) do nothing`;
  await db.$executeRaw`update account set parent_id = ${PROVIDER} where id <> ${PROVIDER}`;
}

/** "Why did this sender fail last Tuesday": the day, its failures, and the reports that say so. */
async function askAboutOneDay(ctx: Context, domainId: string | undefined): Promise<unknown> {
  const day = { from: "2026-03-10", to: "2026-03-10", domainId };
  const source = "Reporter 3";
  await summarizeSessions(ctx, { ...day, groupBy: "source" });
  await listFailureClusters(ctx, { ...day, source });
  return listReports(ctx, { ...day, limit: 50, source });
}

/** What the dashboard asks at once when its page of reports is opened. */
async function askForPage(ctx: Context, domainId: string | undefined): Promise<unknown> {
  const before = { from: "2026-01-15", to: "2026-02-13", domainId, groupBy: "day" } as const;
  return Promise.all([
    ...SUMMARIES.map(([, ask]) => ask(ctx, domainId)),
    summarizeSessions(ctx, before),
    listFailureClusters(ctx, { domainId }),
  ]);
}

async function settleOneDay(db: Database, { accountId, domains }: SeededAccount): Promise<string> {
  const times: number[] = [];
  for (let repeat = 0; repeat < 5; repeat++) {
    await reportsOf(db).tlsUnsettledDay.create({ data: { accountId, reportDay: new Date("2026-03-10") } });
    const start = performance.now();
    await settleReportDays({ db });
    times.push(performance.now() - start);
  }
  return `One day of an account with ${domains} domains is settled in ${Math.round(
    percentile(
      times.toSorted((a, b) => a - b),
      0.5,
    ) ?? 0,
  )} ms.`;
}

async function markLastDays(db: Database, days: number): Promise<void> {
  await db.$executeRaw`
    insert into tls_unsettled_day (account_id, report_day)
    select id, '2026-03-15'::date - back from account, generate_series(0, ${days}::int - 1) as back`;
}

async function exportMonth(ctx: Context): Promise<string> {
  let [rows, bytes] = [0, 0];
  const taken = await seconds(async () => {
    const { chunks } = await exportReports(ctx, { view: "failures", format: "csv" });
    for await (const chunk of chunks) {
      bytes += chunk.length;
      rows += chunk.split("\n").length - 1;
    }
  });
  return `${rows} failures of its last 30 days are exported as ${Math.round(bytes / 1_000_000)} MB of CSV in ${taken} s.`;
}

async function describeSizes(db: Database): Promise<string> {
  const sizes = await db.$queryRaw<{ name: string; mb: number; rows: number }[]>`
    select coalesce(parent.relname, c.relname)::text as name, (sum(pg_total_relation_size(c.oid)) / 1048576)::int as mb,
      sum(greatest(c.reltuples, 0))::float8 as rows
    from pg_class c left join pg_inherits i on i.inhrelid = c.oid left join pg_class parent on parent.oid = i.inhparent
    where c.relkind = 'r' and c.relname like 'tls\\_%' group by 1 order by 2 desc`;
  return `Tables with their indexes: ${sizes.map(({ name, mb, rows }) => `${name} ${mb} MB (${rows} rows)`).join(", ")}.`;
}

async function seconds(work: () => Promise<void>): Promise<number> {
  const start = performance.now();
  await work();
  return Math.round((performance.now() - start) / 1_000);
}

async function readFirstPage(ctx: Context, domainId: string | undefined): Promise<unknown> {
  const { chunks } = await exportReports(ctx, { view: "failures", format: "csv", domainId });
  let count = 0;
  for await (const _chunk of chunks) if (++count === 2) break;
  return count;
}

async function explain(explainQuery: (query: SlowQuery) => Promise<string[]>, slowest: SlowQuery) {
  const plan = await explainQuery(slowest);
  return [`Slowest query, ${Math.round(slowest.ms)} ms:`, ...plan.map((line) => `  ${line}`)];
}
