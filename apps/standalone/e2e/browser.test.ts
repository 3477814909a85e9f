import type { SummaryView } from "@waxseal/contract";
import type { Locator, Page } from "playwright-core";
import { afterAll, beforeAll, expect, test } from "vitest";
import type { z } from "zod";
import { domainOf } from "./account-of-page.ts";
import { clickInMail } from "./click-in-mail.ts";
import { openBrowser, type TestBrowser } from "./open-browser.ts";
import { shareTestStandalone, type TestStandalone } from "./start-test-standalone.ts";

const DOMAIN = "winery.example";
const EMAIL = "owner@winery.example";
const PASSWORD = "a long enough password";

let waxseal: TestStandalone;
let browser: TestBrowser;
let page: Page;

beforeAll(async () => {
  waxseal = await shareTestStandalone();
  browser = await openBrowser();
  page = browser.page;
});
afterAll(async () => {
  await browser?.close();
  await waxseal?.stop();
});

test("an owner signs up and confirms the address by clicking in the caught mail", async () => {
  await page.goto(`${waxseal.env.PUBLIC_URL}/sign-up`);
  await page.getByLabel("Your name").fill("Wine Owner");
  await page.getByLabel("Company (optional)").fill("Winery");
  await page.getByLabel("Email address").fill(EMAIL);
  await page.getByLabel("Password", { exact: true }).fill(PASSWORD);
  await browser.photograph("sign-up");
  await page.getByRole("button", { name: "Create account" }).click();
  await page.getByRole("heading", { name: "Check your mail" }).waitFor();
  await browser.photograph("check-mail");
  const opened = page.waitForEvent("popup");
  await page.getByRole("link", { name: "Open the sandbox's mail" }).click();
  const inbox = await opened;
  await clickInMail(inbox, waxseal, { to: EMAIL, subject: /^Confirm/ });
  await inbox.getByRole("heading", { name: "Home" }).waitFor();
  await page.goto(inbox.url());
  await inbox.close();
  await browser.photograph("domains-empty");
});

test("a sandbox domain goes from its name to active by clicks alone", async () => {
  await page
    .getByRole("link", { name: /add.*domain/i })
    .first()
    .click();
  await page.getByLabel("Domain", { exact: true }).fill(" https://Winery.Example./ ");
  await page.getByRole("button", { name: "Continue" }).click();
  await page.getByRole("heading", { name: DOMAIN, level: 1 }).waitFor();
  const records = page.getByRole("list", { name: "DNS records" });
  await expect.poll(() => records.getByRole("listitem").count()).toBe(3);
  await browser.photograph("domain-pending");
  await page.getByRole("button", { name: "Publish these records in the sandbox" }).click();
  await page
    .getByText(/^Good$/)
    .first()
    .waitFor({ timeout: 60_000 });
  await browser.photograph("domain-active");
});

test("the policy is edited, judged as a field is left, and served as previewed", async () => {
  await page.getByRole("link", { name: "Policy", exact: true }).click();
  await page.getByRole("button", { name: "Add a mail host" }).click();
  const added = page.getByRole("textbox", { name: "Mail host 3", exact: true });
  await added.fill("192.0.2.1");
  // An error is shown once the field is left.
  await added.blur();
  await page.getByText("An address cannot be used here").first().waitFor();
  await browser.photograph("policy-invalid");
  await added.fill("mx3.winery.example");
  await page.getByRole("button", { name: "Review and publish…" }).click();
  await page.getByRole("button", { name: "Publish policy" }).click();
  await expect
    .poll(() => get(`/api/v1/domains/${domainOf(page)}`), { timeout: 60_000 })
    .toMatchObject({
      policy: { state: "live", mx: ["mx1.winery.example", "mx2.winery.example", "mx3.winery.example"] },
    });
  await browser.photograph("policy");
});

test("a sender's report is read in both charts' tables with the numbers it sent", async () => {
  await page
    .getByRole("link", { name: "Setup" })
    .or(page.getByRole("link", { name: "Overview" }))
    .first()
    .click();
  await page.getByRole("button", { name: "Let a sender deliver mail" }).click();
  await page.getByRole("list", { name: "What the sandbox did" }).waitFor({ timeout: 60_000 });
  await browser.photograph("sandbox-delivered");
  const summary = (groupBy: string, trust = "any") =>
    get<z.infer<typeof SummaryView>>(
      `/api/v1/tls-reports/summary?domainId=${domainOf(page)}&groupBy=${groupBy}&trust=${trust}`,
    );
  await expect.poll(async () => (await summary("result")).totals.reports, { timeout: 60_000 }).toBe(3);

  await page
    .getByRole("navigation", { name: /parts of/i })
    .getByRole("link", { name: "Reports" })
    .click();
  const bySource = page.getByRole("table", { name: "Sessions per sending source" });
  const byResult = page.getByRole("table", { name: "Sessions per result" });
  for (const trust of ["aligned", "any"]) {
    if (trust === "any") await page.getByRole("link", { name: "Include unproven reports" }).click();
    const { successfulSessions } = (await summary("result", trust)).totals;
    await expect.poll(() => cells(byResult.getByRole("row").nth(1))).toContain(String(successfulSessions));
    await page.getByRole("link", { name: "Per sending source" }).click();
    const sources = (await summary("source", trust)).items;
    await expect.poll(() => bySource.getByRole("row").count()).toBe(sources.length + 1);
    for (const source of sources) {
      const row = bySource.getByRole("row", { name: source.title });
      expect(await cells(row)).toEqual(
        expect.arrayContaining([String(source.successfulSessions), String(source.failedSessions)]),
      );
    }
    await page.getByRole("link", { name: "Per result" }).click();
  }
  await browser.photograph("reports");
});

/** Asks the API with the browser's session. */
async function get<T>(path: string): Promise<T> {
  return (await (await page.request.get(`${waxseal.env.PUBLIC_URL}${path}`)).json()) as T;
}

async function cells(row: Locator): Promise<string[]> {
  return (await row.getByRole("cell").allInnerTexts()).map((text) => text.trim());
}
