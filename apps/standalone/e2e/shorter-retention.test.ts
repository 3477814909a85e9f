import { afterAll, beforeAll, expect, test } from "vitest";
import { openBrowser, type TestBrowser } from "./open-browser.ts";
import { shareTestStandalone, type TestStandalone } from "./start-test-standalone.ts";

let waxseal: TestStandalone;
let browser: TestBrowser;
let owner: { email: string; password: string; key: string };

beforeAll(async () => {
  waxseal = await shareTestStandalone();
  owner = await waxseal.newAccount("Archive");
  browser = await openBrowser();
});
afterAll(async () => {
  await browser?.close();
  await waxseal?.stop();
});

const DAY = "\\d{1,2} \\w{3} \\d{4}";

test("a shorter retention says what will be deleted, and nothing changes before the person agrees", async () => {
  const { page } = browser;
  const kept = async () => {
    const { body } = await waxseal.api<{ rawDays: number; dailyDays: number }>(
      "GET",
      "/api/v1/account/retention",
      owner,
    );
    return [body.rawDays, body.dailyDays];
  };
  const save = page.getByRole("button", { name: "Save", exact: true });
  const dialog = page.getByRole("dialog");
  await page.goto(`${waxseal.env.PUBLIC_URL}/sign-in`);
  await page.getByLabel("Email address").fill(owner.email);
  await page.getByLabel("Password", { exact: true }).fill(owner.password);
  await page.getByRole("button", { name: "Sign in", exact: true }).click();
  await page.getByRole("heading", { name: "Home" }).waitFor();
  await page.getByRole("link", { name: "Settings" }).click();
  await page.getByRole("link", { name: "Data", exact: true }).click();

  await page.getByLabel("Raw messages and quarantine").selectOption("30");
  await save.click();
  expect(await dialog.textContent()).toMatch(new RegExp(`arrived before ${DAY}`));
  expect(await dialog.textContent()).not.toContain("about days before");
  await page.getByLabel("Close").click();
  expect(await kept()).toEqual([90, 400]);

  await page.getByLabel("Reports and totals").selectOption("180");
  await save.click();
  await dialog.getByText("about days before").waitFor();
  await browser.photograph("shorter-retention");
  await dialog.getByRole("button", { name: "Cancel" }).click();
  expect(await kept()).toEqual([90, 400]);
  await save.click();
  await dialog.getByRole("button", { name: "Keep them shorter and delete" }).click();
  await expect.poll(kept).toEqual([30, 180]);
  await dialog.waitFor({ state: "detached" });

  await page.getByLabel("Raw messages and quarantine").selectOption("180");
  await save.click();
  await expect.poll(kept).toEqual([180, 180]);
});
