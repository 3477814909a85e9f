import { chmod, mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { parseArgs } from "node:util";
import { type Context, createContext, jobActor } from "@waxseal/core";
import { presentDomain } from "@waxseal/core/domain-views";
import { getDomain } from "@waxseal/core/domains";
import { previewDomains } from "@waxseal/core/onboarding";
import { listCustomers, listDomains, listPortfolio } from "@waxseal/core/portfolio";
import { migrate, openDatabase, startEmbeddedPostgres } from "@waxseal/db";
import type { BenchReport } from "./bench-report.ts";
import { recordQueries } from "./record-queries.ts";
import { type SeededPortfolio, seedPortfolio } from "./seed-portfolio.ts";
import { percentile, timeRepeatedly } from "./time-repeatedly.ts";

const SETTINGS = {
  hostedZone: "hosted.example",
  reportsDomain: "reports.example",
  policyAddresses: ["192.0.2.1"],
  nameservers: [],
  caaIdentities: [],
};
const OTHER_DOMAINS = 20_000;

type Question = [name: string, ask: (ctx: Context) => Promise<unknown>];

/** What the dashboard asks about many domains: of one account with all of them, and of a provider with as many at its customers. */
export async function run(args: readonly string[], tell: (line: string) => void): Promise<BenchReport> {
  const { values } = parseArgs({
    args: [...args],
    options: {
      domains: { type: "string", default: "5000" },
      customers: { type: "string", default: "200" },
      repeats: { type: "string", default: "40" },
    },
  });
  const [domains = 0, customers = 0, repeats = 0] = [values.domains, values.customers, values.repeats].map(
    Number,
  );
  const domainsEach = Math.ceil(domains / customers);
  const folder = await mkdtemp(join(tmpdir(), "waxseal-bench-"));
  await chmod(folder, 0o711);
  const postgres = await startEmbeddedPostgres({ dataDir: join(folder, "postgres") });
  const db = openDatabase(postgres.databaseUrl, { poolSize: 4 });
  try {
    await migrate(postgres.databaseUrl);
    tell(`making ${domains} domains, and ${customers} customers with ${domainsEach} each`);
    const seeded = await seedPortfolio(db, { domains, customers, domainsEach, others: OTHER_DOMAINS });
    const recorder = recordQueries(db);
    const rows = [];
    for (const [asker, accountId, questions] of askers(seeded)) {
      const source = { db: recorder.db, now: () => new Date() };
      const ctx = createContext(source, accountId, jobActor("bench"));
      for (const [question, ask] of questions) {
        const times = await timeRepeatedly(repeats, () => ask(ctx));
        rows.push({
          asker,
          question,
          "p50 ms": percentile(times, 0.5),
          "p95 ms": percentile(times, 0.95),
          "max ms": percentile(times, 1),
        });
      }
      tell(`${asker}: done`);
    }
    const slowest = recorder.slowest();
    return {
      title: "Domains: the dashboard's questions about many",
      conditions: [
        `One account with ${domains} domains; a provider with ${customers} customers of ${domainsEach}; ${OTHER_DOMAINS} domains of others.`,
        "Of a hundred domains 5 are setting up and 10 have a problem; every active one has a policy and a certificate.",
        `Each question ${repeats} times after one that warms up; one at a time, from verb to answer, Postgres on the same machine.`,
        ...(slowest ? [`Slowest query: ${Math.round(slowest.ms)} ms.`] : []),
      ],
      tables: [{ title: "Questions", rows }],
    };
  } finally {
    await db.$disconnect();
    await postgres.stop();
    await rm(folder, { recursive: true, force: true });
  }
}

/** What the list names after a domain in good health whose name sorts last. */
const LAST_PAGE = Buffer.from("6_d99_00000000-0000-0000-0000-000000000000_1").toString("base64url");

function askers({ largeId, providerId, domainId }: SeededPortfolio): [string, string, Question[]][] {
  const lists: Question[] = [
    ["list, first 50", (ctx) => listDomains(ctx, { limit: 50 })],
    ["list, 500 a page", (ctx) => listDomains(ctx, { limit: 500 })],
    ["list, last page of 50", (ctx) => listDomains(ctx, { limit: 50, cursor: LAST_PAGE })],
    ["list, part of a name", (ctx) => listDomains(ctx, { limit: 50, q: "499" })],
    ["list, still setting up", (ctx) => listDomains(ctx, { limit: 50, status: "pending" })],
    [
      "one domain",
      async (ctx) => presentDomain(ctx, await getDomain(ctx.db, ctx.accountId, domainId), SETTINGS),
    ],
    ["preview of 1,000 lines", (ctx) => previewDomains(ctx, { text: LINES }, { settings: SETTINGS })],
  ];
  const portfolio: Question[] = [
    ["portfolio, first 200", (ctx) => listPortfolio(ctx, { limit: 200 })],
    ["portfolio, second 200", askSecondPage],
    ["portfolio, needs attention only", (ctx) => listPortfolio(ctx, { limit: 200, health: "attention" })],
    ["portfolio, part of a name", (ctx) => listPortfolio(ctx, { limit: 200, q: "customer 19" })],
  ];
  return [
    ["large account", largeId, [...lists, ...portfolio]],
    [
      "provider",
      providerId,
      [
        ...portfolio,
        ["customers with their counts", (ctx) => listCustomers(ctx, {})],
        ["customers by part of a name", (ctx) => listCustomers(ctx, { q: "customer 19" })],
      ],
    ],
  ];
}

const LINES = Array.from({ length: 1_000 }, (_, index) => `new${index}.example.com`).join("\n");

async function askSecondPage(ctx: Context): Promise<unknown> {
  const { nextCursor } = await firstPage(ctx);
  return listPortfolio(ctx, { limit: 200, cursor: nextCursor ?? undefined });
}

/** Asked for once an account: only what follows is of interest. */
const firstPages = new Map<string, ReturnType<typeof listPortfolio>>();
function firstPage(ctx: Context): ReturnType<typeof listPortfolio> {
  const page = firstPages.get(ctx.accountId) ?? listPortfolio(ctx, { limit: 200 });
  firstPages.set(ctx.accountId, page);
  return page;
}
