import { parseArgs } from "node:util";
import { openDatabase } from "@waxseal/db";
import type { Page } from "playwright-core";
import { accountOf } from "../e2e/account-of-page.ts";
import { openBrowser } from "../e2e/open-browser.ts";
import { startTestStandalone, type TestStandalone } from "../e2e/start-test-standalone.ts";
import { timeLoad, timeNavigation } from "../e2e/watch-page.ts";
import { DEMO_EMAIL, DEMO_PASSWORD } from "../src/seed-demo.ts";
import type { BenchReport } from "./bench-report.ts";
import { seedAccountRows } from "./seed-account-rows.ts";

const pagesOf = ({ domainId, reportId }: { domainId: string; reportId: string }) => {
  const domain = `/domains/${domainId}`;
  return [
    "/domains",
    "/domains?q=d499",
    "/domains/new",
    "/domains/add-many",
    domain,
    `${domain}/policy`,
    `${domain}/reports`,
    `${domain}/fetches`,
    `${domain}/activity`,
    `${domain}/turn-off`,
    "/reports",
    "/reports/list",
    "/reports/list?source=Reporter+A&result=certificate-expired",
    `/reports/${reportId}`,
    "/quarantine",
    "/customers",
    "/customers/domains",
    "/settings",
    "/audit",
    "/check",
  ];
};

/** How long every page takes until it can be used, loaded again and reached by a link, with many domains and reports. */
export async function run(args: readonly string[], tell: (line: string) => void): Promise<BenchReport> {
  const { values } = parseArgs({
    args: [...args],
    options: {
      domains: { type: "string", default: "500" },
      days: { type: "string", default: "90" },
      repeats: { type: "string", default: "3" },
    },
  });
  const [domains = 500, days = 90, repeats = 3] = [values.domains, values.days, values.repeats].map(Number);
  const waxseal = await startTestStandalone({}, { empty: false });
  const browser = await openBrowser();
  try {
    tell(`making ${domains} domains with ${days} days of reports`);
    const example = await seed(waxseal, domains, days);
    await signIn(browser.page, waxseal);
    const rows = [];
    for (const path of pagesOf(example)) {
      const url = `${waxseal.env.PUBLIC_URL}${path}`;
      const loads = await repeat(repeats, () => timeLoad(browser.page, url));
      const navigations = await repeat(repeats, async () => {
        await timeLoad(
          browser.page,
          `${waxseal.env.PUBLIC_URL}${path === "/customers" ? "/settings" : "/customers"}`,
        );
        return timeNavigation(browser.page, `/a/${accountOf(browser.page)}${path}`);
      });
      rows.push({
        page: path.replace(example.domainId, "…").replace(example.reportId, "…"),
        "load ms": loads.ms,
        "load worst ms": loads.worstMs,
        "link ms": navigations.ms,
        "link worst ms": navigations.worstMs,
        "blank frames": navigations.blankFrames,
      });
      tell(`${path}: ${Math.round(loads.ms)} and ${Math.round(navigations.ms)} ms`);
    }
    return {
      title: "The dashboard: milliseconds until a page can be used",
      conditions: [
        `${domains} domains, ${days} days of reports by 3 reporters, in one account; Chromium, API and Postgres on this machine.`,
        `Median and worst of ${repeats}. "load": document requested again, files from the browser's cache; "link": within the running dashboard, its data requested again.`,
        "Usable: the first frame with a heading and nothing that says it is loading, and no frame later than 100 ms in the 400 ms after it.",
      ],
      tables: [{ title: "Pages", rows }],
    };
  } finally {
    await browser.close();
    await waxseal.stop();
  }
}

async function seed(waxseal: TestStandalone, domains: number, days: number) {
  const db = openDatabase(waxseal.env.DATABASE_URL ?? "", { poolSize: 2 });
  try {
    const account = await db.organization.findFirstOrThrow({ where: { name: { startsWith: "Demo" } } });
    return await seedAccountRows(db, { accountId: account.id, domains, days });
  } finally {
    await db.$disconnect();
  }
}

async function signIn(page: Page, { env }: TestStandalone): Promise<void> {
  await page.goto(`${env.PUBLIC_URL}/sign-in`);
  await page.getByLabel("Email address").fill(DEMO_EMAIL);
  await page.getByLabel("Password", { exact: true }).fill(DEMO_PASSWORD);
  await page.getByRole("button", { name: "Sign in" }).click();
  await page.getByRole("heading", { name: "Domains" }).waitFor();
}

async function repeat(times: number, time: () => ReturnType<typeof timeLoad>) {
  const timings = [];
  for (let count = 0; count < times; count += 1) timings.push(await time());
  const sorted = timings.map(({ ms }) => ms).toSorted((a, b) => a - b);
  return {
    ms: sorted[Math.floor(sorted.length / 2)] ?? 0,
    worstMs: sorted.at(-1) ?? 0,
    blankFrames: timings.reduce((sum, { blankFrames }) => sum + blankFrames, 0),
  };
}
