import type { Page } from "playwright-core";
import { afterAll, beforeAll, expect, test } from "vitest";
import { domainOf } from "./account-of-page.ts";
import { clickInMail } from "./click-in-mail.ts";
import { enforceAnyway } from "./enforce-anyway.ts";
import { openBrowser, type TestBrowser } from "./open-browser.ts";
import { startTestStandalone, type TestStandalone } from "./start-test-standalone.ts";
import { timeJourneys } from "./time-journeys.ts";

const DOMAIN = "winery.example";
const EMAIL = "owner@winery.example";

let waxseal: TestStandalone;
let browser: TestBrowser;
let page: Page;
const { begin, end, click, count, clicks, print } = timeJourneys();

beforeAll(async () => {
  waxseal = await startTestStandalone();
  browser = await openBrowser();
  page = browser.page;
});
afterAll(async () => {
  print();
  await browser?.close();
  await waxseal?.stop();
});

test("from sign-up to the three CNAMEs are at most five clicks, and the page turns active without a reload", async () => {
  begin();
  await open("/sign-up");
  await page.getByRole("button", { name: "Create account" }).click();
  await page.getByText("Enter your name.").waitFor();
  expect(await focusedLabel(), "the first error has the focus").toBe("Your name");
  await page.getByLabel("Your name").fill("Wine Owner");
  await page.getByLabel("Email address").fill(EMAIL);
  await page.getByRole("button", { name: "Create account" }).click();
  await expect.poll(focusedLabel, { message: "then the next one" }).toBe("Password");
  await page.getByLabel("Password", { exact: true }).fill("a long enough password");
  await click(page.getByRole("button", { name: "Create account" }));
  await page.getByRole("heading", { name: "Check your mail" }).waitFor();
  await clickMail(/^Confirm/);
  await click(page.getByRole("link", { name: /add.*domain/i }).first());
  await page.getByLabel("Domain", { exact: true }).fill(DOMAIN);
  await click(page.getByRole("button", { name: "Continue" }));
  const records = page.getByRole("list", { name: "DNS records" });
  await expect.poll(() => records.getByRole("listitem").count(), { timeout: 60_000 }).toBe(3);
  expect(clicks()).toBeLessThanOrEqual(5);
  end("sign-up to the CNAMEs");
  begin();
  await page.evaluate("window.neverReloaded = true");
  await click(page.getByRole("button", { name: "Publish these records in the sandbox" }));
  await page
    .getByText(/^Good$/)
    .first()
    .waitFor({ timeout: 60_000 });
  expect(await page.evaluate("window.neverReloaded")).toBe(true);
  end("CNAMEs to active");
});

test("the page shows a version published elsewhere without polling", async () => {
  await page.addInitScript(withoutPolling);
  await page.reload();
  await click(page.getByRole("link", { name: "Policy", exact: true }));
  await page.getByRole("radio", { name: /testing/i }).waitFor();
  await page.request.put(`${waxseal.env.PUBLIC_URL}/api/v1/domains/${domainOf(page)}/policy`, {
    headers: { origin: waxseal.env.PUBLIC_URL ?? "" },
    data: { mode: "testing", mx: ["*.winery.example"], maxAgeSeconds: 1_209_600 },
  });
  await page.getByRole("button", { name: "Roll back to version 1" }).waitFor({ timeout: 60_000 });
  await page.evaluate("sessionStorage.setItem('polls', 'yes')");
  await page.reload();
});

test("a policy is enforced, rolled back and turned off by clicks alone", { timeout: 180_000 }, async () => {
  begin();
  await click(page.getByRole("link", { name: "Overview" }));
  await click(page.getByRole("link", { name: "Policy", exact: true }));
  await click(page.getByRole("radio", { name: /enforce/i }));
  await click(page.getByRole("button", { name: "Review and publish…" }));
  await enforceAnyway(page, DOMAIN, click);
  await expect.poll(readPolicy, { timeout: 60_000 }).toMatchObject({ mode: "enforce", state: "live" });
  end("enforce");
  begin();
  await click(page.getByRole("button", { name: "Roll back to version 1" }));
  await click(page.getByRole("button", { name: "Publish policy" }));
  await expect.poll(readPolicy, { timeout: 60_000 }).toMatchObject({ mode: "testing", state: "live" });
  end("roll back");
  begin();
  await click(page.getByRole("link", { name: "Overview" }));
  await click(page.getByRole("link", { name: "Turn MTA-STS off safely" }));
  await click(page.getByRole("button", { name: `Turn off for ${DOMAIN}…` }));
  await page.getByLabel(`Type ${DOMAIN} to confirm`).fill(DOMAIN);
  await click(page.getByRole("button", { name: "Turn off", exact: true }));
  await expect.poll(readPolicy, { timeout: 60_000 }).toMatchObject({ mode: "none" });
  end("turn off");
});

test("a forgotten password is replaced through the mailed link, and the new one signs in", async () => {
  await page.context().clearCookies();
  begin();
  await open("/sign-in");
  await click(page.getByRole("link", { name: "Forgot your password?" }));
  // The page before has a field of the same name.
  await page.getByRole("button", { name: "Send the link" }).waitFor();
  await page.getByLabel("Email address").fill(EMAIL);
  await click(page.getByRole("button", { name: "Send the link" }));
  await page.getByText("Check your mail").waitFor();
  await clickMail(/new password/);
  await page.getByLabel("New password", { exact: true }).fill("another long enough one");
  const answered = page.waitForResponse((response) => response.url().endsWith("/api/auth/reset-password"));
  await click(page.locator("form button[type=submit]"));
  expect((await answered).status()).toBe(200);
  await page.goto(`${waxseal.env.PUBLIC_URL}/sign-in`);
  await page.getByLabel("Email address").fill(EMAIL);
  await page.getByLabel("Password", { exact: true }).fill("another long enough one");
  await click(page.getByRole("button", { name: "Sign in" }));
  await page.getByRole("heading", { name: "Home" }).waitFor();
  end("reset the password");
});

test("a stranger's domain is checked without signing in", async () => {
  await page.context().clearCookies();
  begin();
  await open("/");
  await page.getByRole("heading", { level: 1, name: /^Waxseal makes senders encrypt/ }).waitFor();
  await page.getByRole("link", { name: "Create an account" }).first().waitFor();
  const pictures = () => page.locator("main img").evaluateAll(countLoaded);
  await page.locator("main img").last().scrollIntoViewIfNeeded();
  await expect.poll(pictures, { message: "pictures that were loaded" }).toBe(3);
  await page.getByRole("textbox", { name: "Domain" }).fill("bakery.example");
  await click(page.getByRole("button", { name: "Check", exact: true }));
  await page.getByRole("heading", { name: "Mail hosts" }).waitFor();
  end("check a stranger's domain");
});

/** Runs in the page before its own code: what comes round every second or later never comes, until the test says so. */
function withoutPolling(): void {
  if (sessionStorage.getItem("polls")) return;
  const { setInterval, setTimeout } = window;
  const never = () => setTimeout(() => undefined, 0);
  const isPoll = (ms: unknown) => Number(ms) >= 1_000;
  Object.assign(window, {
    setInterval: (run: () => void, ms: number) => (isPoll(ms) ? never() : setInterval(run, ms)),
    setTimeout: (run: () => void, ms: number) => (isPoll(ms) ? never() : setTimeout(run, ms)),
  });
}

/** Runs in the page. */
function countLoaded(images: (HTMLElement | SVGElement)[]): number {
  return images.filter((image) => image instanceof HTMLImageElement && image.naturalWidth > 0).length;
}

/** The label of the field that is being typed in. */
function focusedLabel(): Promise<string | undefined> {
  return page.evaluate(() => {
    const focused = document.activeElement;
    return focused instanceof HTMLInputElement ? (focused.labels?.[0]?.innerText ?? "") : undefined;
  });
}

async function open(path: string): Promise<void> {
  await page.goto(`${waxseal.env.PUBLIC_URL}${path}`);
}

/** The domain's newest policy, asked with the browser's session. */
async function readPolicy(): Promise<unknown> {
  const answer = await page.request.get(`${waxseal.env.PUBLIC_URL}/api/v1/domains/${domainOf(page)}`);
  return Object(await answer.json()).policy;
}

/** The owner's click in the mail program counts. */
async function clickMail(subject: RegExp): Promise<void> {
  count();
  await clickInMail(page, waxseal, { to: EMAIL, subject });
}
