import type { Page } from "playwright-core";
import { afterAll, beforeAll, expect, test } from "vitest";
import { openBrowser, type TestBrowser } from "./open-browser.ts";
import { startTestStandalone, type TestStandalone } from "./start-test-standalone.ts";

let waxseal: TestStandalone;
let browser: TestBrowser;
let page: Page;

beforeAll(async () => {
  waxseal = await startTestStandalone();
  browser = await openBrowser();
  page = browser.page;
});
afterAll(async () => {
  await browser?.close();
  await waxseal?.stop();
});

let clicks = 0;
async function click(role: "button" | "link", name: string | RegExp): Promise<void> {
  clicks += 1;
  await page.getByRole(role, { name }).first().click();
}

test("200 customers by CSV with 7 bad lines: each bad line explained, the others added, the page never frozen", {
  timeout: 240_000,
}, async () => {
  const { email, password, key } = await waxseal.newAccount("Provider");
  await page.goto(`${waxseal.env.PUBLIC_URL}/sign-in`);
  await page.getByLabel("Email address").fill(email);
  await page.getByLabel("Password", { exact: true }).fill(password);
  await page.getByRole("button", { name: "Sign in" }).click();
  await page.getByRole("heading", { name: "Home" }).waitFor();
  await page.evaluate(watchFrames);

  const startedAt = performance.now();
  await click("link", "Add a domain");
  await click("link", "Add many from a list or CSV file");
  clicks += 1;
  await page
    .getByLabel("Select a CSV file")
    .setInputFiles({ name: "customers.csv", mimeType: "text/csv", buffer: Buffer.from(makeCsv()) });
  const refused = page.getByRole("table", { name: "Refused lines" });
  await refused.waitFor();
  expect(await refused.getByRole("row").count()).toBe(1 + 7);
  const previewedAt = performance.now();
  await browser.photograph("bulk-preview");
  const photographedMs = performance.now() - previewedAt;
  await click("button", "Add 193 domains");
  await page.getByText("193 domains added.").waitFor({ timeout: 200_000 });
  const seconds = (performance.now() - startedAt - photographedMs) / 1_000;
  const longestFrameMs = await page.evaluate(readLongestFrameMs);
  await browser.photograph("bulk-added");
  console.info(
    `200 customers by CSV with 7 bad lines: ${clicks} clicks, ${seconds.toFixed(1)} s, preview after ` +
      `${((previewedAt - startedAt) / 1_000).toFixed(1)} s, longest frame ${longestFrameMs.toFixed(0)} ms`,
  );

  const customers = await waxseal.api<{ items: { domains: number }[] }>("GET", "/api/v1/customers", { key });
  expect(customers.body.items).toHaveLength(193);
  expect(customers.body.items.every(({ domains }) => domains === 1)).toBe(true);
});

function makeCsv(): string {
  const lines = Array.from({ length: 193 }, (_, index) => `shop-${index}.example;"Shop ${index}, Sons"`);
  lines.splice(10, 0, "192.0.2.1;An address", "single;One word", "co.uk;A suffix", "a b.example;A blank");
  lines.splice(90, 0, "SHOP-0.example.;Twice", '"open.example;A quote', "under_score.example;Underscore");
  return `\uFEFFDomain;Customer\r\n${lines.join("\r\n")}\r\n`;
}

/** In the page: remembers the longest time between two frames. */
function watchFrames(): void {
  let before = performance.now();
  const look = (now: number) => {
    const longest = Number(document.documentElement.dataset.longestFrameMs ?? 0);
    document.documentElement.dataset.longestFrameMs = String(Math.max(longest, now - before));
    before = now;
    requestAnimationFrame(look);
  };
  requestAnimationFrame(look);
}

function readLongestFrameMs(): number {
  return Number(document.documentElement.dataset.longestFrameMs);
}
