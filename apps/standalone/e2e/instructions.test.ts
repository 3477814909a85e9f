import type { Locator, Page } from "playwright-core";
import { afterAll, beforeAll, expect, test } from "vitest";
import { clickInMail } from "./click-in-mail.ts";
import { openBrowser, type TestBrowser } from "./open-browser.ts";
import { shareTestStandalone, type TestStandalone } from "./start-test-standalone.ts";

let waxseal: TestStandalone;
let browser: TestBrowser;
let page: Page;
let provider: { email: string; password: string; key: string };

beforeAll(async () => {
  waxseal = await shareTestStandalone();
  provider = await waxseal.newAccount("Pantry");
  const items = [
    { domain: "flour.example", customer: "Bakery" },
    { domain: "yeast.example", customer: "Bakery" },
    { domain: "vines.example", customer: "Vineyard" },
  ];
  await waxseal.api("POST", "/api/v1/domains/bulk", {
    key: provider.key,
    body: { items, createCustomers: true },
  });
  browser = await openBrowser();
  page = browser.page;
});
afterAll(async () => {
  await browser?.close();
  await waxseal?.stop();
});

let clicks = 0;
async function click(target: Locator): Promise<void> {
  clicks++;
  await target.click();
}

/** A blue square of 16 pixels. */
const LOGO = Buffer.from(
  "iVBORw0KGgoAAAANSUhEUgAAABAAAAAQCAIAAACQkWg2AAAAFklEQVR42mOQj99PEmIY1TCqYfhqAADnbD0Q6zulHAAAAABJRU5ErkJggg==",
  "base64",
);

test("a customer is given its instructions without an account, under the provider's name and logo, and sees them turn", {
  timeout: 120_000,
}, async () => {
  await page.goto(`${waxseal.env.PUBLIC_URL}/sign-in`);
  await page.getByLabel("Email address").fill(provider.email);
  await page.getByLabel("Password", { exact: true }).fill(provider.password);
  await page.getByRole("button", { name: "Sign in" }).click();
  await page.getByRole("heading", { name: "Home" }).waitFor();
  await page.goto(`${waxseal.env.PUBLIC_URL}/settings/branding`);
  await page.getByLabel("Colour", { exact: true }).fill("#ffd400");
  await page.getByText(/^So that it can be read, it is shown darker/).waitFor();
  await page.getByLabel("Sender name of mails").fill("alerts@bank.example");
  await page.getByRole("button", { name: "Save the brand" }).click();
  await page.getByText("A sender name can't contain an email address", { exact: false }).waitFor();
  await page.getByLabel("Sender name of mails").fill("Pantry Mail");
  await page.getByRole("button", { name: "Save the brand" }).click();
  await page.getByRole("button", { name: "Save the brand", disabled: true }).waitFor();
  await page
    .getByLabel("Choose a logo")
    .setInputFiles({ name: "logo.png", mimeType: "image/png", buffer: LOGO });
  await page.getByRole("img", { name: "Your logo" }).waitFor();

  const startedAt = performance.now();
  await click(page.getByRole("link", { name: "Customers", exact: true }).first());
  await click(page.getByRole("link", { name: "DNS instructions for Bakery" }));
  await page.getByLabel("Email to").fill("dns@bakery.example");
  await click(page.getByRole("button", { name: "Send email" }));
  await page.getByText("Sent to dns@bakery.example.").waitFor();
  const seconds = (performance.now() - startedAt) / 1_000;
  process.stdout.write(
    `give a customer its instructions without an account: ${clicks} clicks, ${seconds.toFixed(1)} s\n`,
  );
  await browser.photograph("instructions");

  await page.context().clearCookies();
  await clickInMail(page, waxseal, { to: "dns@bakery.example", subject: /^DNS records/ });
  await page.getByRole("heading", { name: "DNS records for Bakery" }).waitFor();
  const logo = page.getByRole("img", { name: "Pantry" });
  await expect
    .poll(() => logo.evaluate((image) => Reflect.get(image, "naturalWidth")), { timeout: 60_000 })
    .toBe(16);
  await page.getByText("2 of 2 domains lack a record").waitFor();
  expect(await page.getByText("vines.example").count()).toBe(0);
  // Dark enough for white text on it, whatever was chosen.
  const accent = await page.evaluate(() =>
    getComputedStyle(document.documentElement).getPropertyValue("--accent"),
  );
  expect(accent).toMatch(/^#[\da-f]{6}$/);
  expect(["#ffd400", "#1f5fbf"]).not.toContain(accent);
  await browser.photograph("instructions-shared");
  const zone = page.waitForEvent("download");
  await page.getByRole("link", { name: "Zone file" }).click();
  expect((await zone).suggestedFilename()).toBe("dns-records.zone");

  await publish("flour.example");
  await page.getByText("1 of 2 domains lacks a record").waitFor({ timeout: 60_000 });
  expect(await page.getByRole("region", { name: "flour.example" }).count()).toBe(0);

  const { body } = await waxseal.api<{ items: { id: string }[] }>(
    "GET",
    "/api/v1/instruction-sheets",
    provider,
  );
  await waxseal.api("DELETE", `/api/v1/instruction-sheets/${body.items[0]?.id}`, provider);
  await page.reload();
  await page.getByText("There is no such link").waitFor();
});

/** Has the sandbox, the customer's DNS, publish the records. */
async function publish(domain: string): Promise<void> {
  type Found = { items: { id: string; accountId: string; domain: string }[] };
  const { body } = await waxseal.api<Found>("GET", `/api/v1/customers/domains?q=${domain}`, provider);
  const [found] = body.items;
  const response = await fetch(`http://127.0.0.1:${waxseal.env.PORT}/api/v1/sandbox/publish`, {
    method: "POST",
    headers: {
      authorization: `Bearer ${provider.key}`,
      "content-type": "application/json",
      "x-waxseal-account": found?.accountId ?? "",
    },
    body: JSON.stringify({ domainId: found?.id }),
  });
  expect(response.status).toBe(200);
}
