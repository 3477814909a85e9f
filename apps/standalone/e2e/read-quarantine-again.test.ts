import { mkdir, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { testPolicy, testReportJson } from "@waxseal/core/reports/testing";
import { afterAll, beforeAll, expect, test } from "vitest";
import { openBrowser, type TestBrowser } from "./open-browser.ts";
import { shareTestStandalone, type TestStandalone } from "./start-test-standalone.ts";

const DOMAIN = "orchard.example";
const DAY = new Date(Date.now() - 86_400_000).toISOString().slice(0, 10);
let waxseal: TestStandalone;
let browser: TestBrowser;
beforeAll(async () => {
  waxseal = await shareTestStandalone();
  browser = await openBrowser();
});
afterAll(async () => {
  await browser?.close();
  await waxseal?.stop();
});

test("the whole quarantine is read again by one click, which shows its progress and result", async () => {
  const { page } = browser;
  const { email, password, key } = await waxseal.newAccount("Orchard");
  await mkdir(join(waxseal.folder, "in"));
  for (let index = 0; index < 24; index++) {
    const json = testReportJson(DAY, { reportId: `r${index >> 1}`, policies: [testPolicy(DOMAIN)] });
    await writeFile(join(waxseal.folder, "in", `${index}.json`), index < 20 ? json : "{");
  }
  // What cannot be read ends the import with status 1; all of it is in the quarantine.
  await expect(waxseal.cli("report", "import", "in", "--account", "Orchard")).rejects.toThrow("not-json");
  await waxseal.api("POST", "/api/v1/domains", { key, body: { domain: DOMAIN } });
  await page.goto(`${waxseal.env.PUBLIC_URL}/sign-in`);
  await page.getByLabel("Email address").fill(email);
  await page.getByLabel("Password", { exact: true }).fill(password);
  await page.getByRole("button", { name: "Sign in" }).click();
  await page.getByRole("heading", { name: "Home" }).waitFor();
  await page.goto(`${waxseal.env.PUBLIC_URL}/quarantine`);
  await page.getByRole("button", { name: "Reprocess all" }).waitFor();
  await browser.photograph("quarantine-before");
  await page.route("**/quarantine/reparse", async (route) => {
    await new Promise((resolve) => setTimeout(resolve, 700));
    await route.continue();
  });
  await page.getByRole("button", { name: "Reprocess all" }).click();
  await page.getByText("10 of 24").waitFor();
  await browser.photograph("quarantine-under-way");
  await page.getByText("24 messages reprocessed").waitFor();
  await page.getByText("10 imported, 10 duplicates, 4 still unreadable.").waitFor();
  await expect.poll(() => page.getByRole("row").count()).toBe(5);
  await browser.photograph("quarantine-after");
  const { body } = await waxseal.api<{ totals: { reports: number } }>(
    "GET",
    `/api/v1/tls-reports/summary?groupBy=day&from=${DAY}&to=${DAY}`,
    { key },
  );
  expect(body.totals.reports).toBe(10);
});
