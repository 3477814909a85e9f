import type { Page } from "playwright-core";
import { afterAll, beforeAll, expect, test } from "vitest";
import { openBrowser, type TestBrowser } from "./open-browser.ts";
import { shareTestStandalone, type TestStandalone } from "./start-test-standalone.ts";

const MAX_TABS = 80;

let waxseal: TestStandalone;
let browser: TestBrowser;
let page: Page;
let person: Awaited<ReturnType<TestStandalone["newAccount"]>>;
beforeAll(async () => {
  waxseal = await shareTestStandalone();
  person = await waxseal.newAccount("keys");
  browser = await openBrowser();
  page = browser.page;
  await page.emulateMedia({ reducedMotion: "reduce" });
});
afterAll(async () => {
  await browser?.close();
  await waxseal?.stop();
});

test("WCAG 2.1.1: from sign-in to an enforced policy with the keyboard alone", {
  timeout: 180_000,
}, async () => {
  await page.goto(`${waxseal.env.PUBLIC_URL}/sign-in`);
  await tabTo("Email address");
  await page.keyboard.type(person.email);
  await tabTo("Password");
  await page.keyboard.type(person.password);
  await page.keyboard.press("Enter");
  await page.getByRole("heading", { name: "Home" }).waitFor();
  await tabTo(/add.*domain/i);
  await page.keyboard.press("Enter");
  await page.getByLabel("Domain", { exact: true }).waitFor();
  await tabTo("Domain");
  await page.keyboard.type("keyboard.example");
  await page.keyboard.press("Enter");
  await page.getByRole("list", { name: "DNS records" }).waitFor();
  await tabTo("Publish these records in the sandbox");
  await page.keyboard.press("Enter");
  await page
    .getByText(/^Good$/)
    .first()
    .waitFor({ timeout: 60_000 });
  await tabTo("Policy");
  await page.keyboard.press("Enter");
  await page.getByRole("radio", { name: /testing/i }).waitFor();
  await tabTo(/testing/i);
  await page.keyboard.press("ArrowDown");
  expect(await page.getByRole("radio", { name: /enforce/i }).isChecked()).toBe(true);
  await tabTo(/^Review and publish/);
  await page.keyboard.press("Enter");
  const dialog = page.getByRole("dialog");
  await dialog.waitFor();
  await page.keyboard.press("Escape");
  await dialog.waitFor({ state: "hidden" });
  await expect.poll(focused).toMatch(/^Review and publish/);
  await page.keyboard.press("Enter");
  // There is no report yet, which stops enforcing: the person agrees to it.
  await dialog.getByText("Mail would be held back").waitFor({ timeout: 60_000 });
  await tabTo("Enforce anyway");
  await page.keyboard.press("Enter");
  await tabTo(/^Type keyboard\.example/);
  await page.keyboard.type("keyboard.example");
  await tabTo("Enforce anyway");
  expect(await dialog.evaluate((node) => node.contains(node.ownerDocument.activeElement))).toBe(true);
  await page.keyboard.press("Enter");
  await page.getByText("Enforced: senders deliver only").waitFor({ timeout: 60_000 });
});

/** Presses Tab until what has this name has the focus, which has to be seen. */
async function tabTo(name: string | RegExp): Promise<void> {
  for (let presses = 0; presses < MAX_TABS; presses++) {
    const found = await focused();
    if (typeof name === "string" ? found === name : name.test(found)) {
      expect([name, await isFocusSeen()]).toEqual([name, true]);
      return;
    }
    await page.keyboard.press("Tab");
  }
  expect.fail(`${MAX_TABS} times Tab do not lead to ${name}`);
}

/** The name of what has the focus: its label, or its words. */
function focused(): Promise<string> {
  return page.evaluate(`(() => {
    const element = document.activeElement;
    if (!element?.matches("a, button, input, select, summary, textarea")) return "";
    const labels = [...(element.labels ?? [])].map((label) => label.innerText).join(" ");
    return (element.getAttribute("aria-label") ?? (labels || element.innerText)).trim();
  })()`);
}

/** Whether it looks otherwise without the focus, itself or what draws it. */
function isFocusSeen(): Promise<boolean> {
  return page.evaluate(`(async () => {
    const element = document.activeElement;
    const atRest = () => Promise.all(document.getAnimations().map(({ finished }) => finished.catch(() => {})));
    const around = [element, element.parentElement, element.parentElement?.parentElement, element.nextElementSibling];
    const look = () => around.filter(Boolean).map((part) => {
      const { outline, boxShadow, borderColor } = getComputedStyle(part);
      return outline + boxShadow + borderColor;
    }).join();
    await atRest();
    const focused = look();
    element.blur();
    await atRest();
    const blurred = look();
    element.focus({ preventScroll: true });
    return focused !== blurred;
  })()`);
}
