import { readFile } from "node:fs/promises";
import { fileURLToPath } from "node:url";
import { formatDay } from "@waxseal/contract/format-instant";
import type { Page } from "playwright-core";
import { afterAll, beforeAll, expect, test } from "vitest";
import { DEMO_EMAIL, DEMO_PASSWORD } from "../src/seed-demo.ts";
import { clickInMail } from "./click-in-mail.ts";
import { openBrowser, type TestBrowser } from "./open-browser.ts";
import { startTestStandalone, type TestStandalone } from "./start-test-standalone.ts";
import { timeJourneys } from "./time-journeys.ts";

/** The demo's sender that writes reports as Microsoft does. */
const REPORTER = "corp-exchange.example";
const NEW_PERSON = "new.colleague@people.example";

let waxseal: TestStandalone;
let browser: TestBrowser;
let page: Page;
const { begin, end, click, count, print } = timeJourneys();

beforeAll(async () => {
  waxseal = await startTestStandalone({}, { empty: false });
  browser = await openBrowser();
  page = browser.page;
  await open("/sign-in");
  await page.getByLabel("Email address").fill(DEMO_EMAIL);
  await page.getByLabel("Password", { exact: true }).fill(DEMO_PASSWORD);
  await page.getByRole("button", { name: "Sign in" }).click();
  await page.getByRole("heading", { name: "Home" }).waitFor();
});
afterAll(async () => {
  print();
  await browser?.close();
  await waxseal?.stop();
});

test("the cause of a provider's failures on one day is shown in words, down to the original report", async () => {
  const day = lastTuesday();
  begin();
  await click(page.getByRole("link", { name: "Reports", exact: true }));
  await click(page.getByRole("link", { name: "Per sending source" }));
  await click(page.getByRole("table", { name: "Sessions per sending source" }).getByText(REPORTER));
  const failed = page
    .getByRole("table", { name: "Reports" })
    .getByRole("row", { name: new RegExp(`${inWords(day)}.*certificate has expired`) });
  await click(failed.getByRole("link"));
  await page.getByRole("heading", { name: `${REPORTER} about brewery.example` }).waitFor();
  const answer = page.getByRole("region", { name: "What failed and who can fix it" });
  await answer.getByText("Mail server's certificate has expired").first().waitFor();
  const words = await answer.innerText();
  expect(words).toContain("expired-mx2.brewery.example");
  expect(words).toContain("Who needs to fix it: The operator of the mail server");
  expect(words, "no other domain's failures").not.toMatch(/sandbox-mail|Postfix Example/);
  await click(answer.getByText("Message to send"));
  await answer.getByText("To the operator of the mail servers of brewery.example").waitFor();
  expect(await answer.innerText()).toContain(`on ${formatDay(day)}`);
  const saved = page.waitForEvent("download");
  await click(page.getByRole("link", { name: /^Original/ }));
  expect((await saved).suggestedFilename()).not.toBe("");
  end("why did a provider fail last Tuesday");
  await page.goBack();
  await browser.photograph("reports-of-one-source");
});

test("an MX that was added and is not covered is named, and one click adds it to the policy", async () => {
  const [name, added] = ["bakery.example", "mx3.bakery.example"];
  await open("/domains");
  await page.getByText("Enforced: senders deliver only to your mail hosts").waitFor({ timeout: 60_000 });
  await sandbox(`/zones/${name}/mx`, { labels: ["mx1", "mx2", "mx3"] });
  begin();
  await click(page.getByRole("link", { name }));
  await click(page.getByRole("button", { name: "Check now" }));
  await page.getByText(`${added} receives mail for this domain but is not in the policy`).waitFor();
  await page.getByText("Not in policy").first().waitFor();
  await browser.photograph("domain-uncovered");
  await click(page.getByRole("button", { name: `Add ${added} to the policy` }));
  await expect.poll(() => page.getByText("Not in policy").count()).toBe(0);
  await expect
    .poll(() => page.getByText("Enforced: senders deliver only to your mail hosts").count(), {
      timeout: 60_000,
    })
    .toBe(1);
  await expect
    .poll(() => page.locator("pre").first().innerText(), { timeout: 60_000 })
    .toContain(`mx: ${added}`);
  end("an MX was added and is not covered");
});

test("who is invited and new here signs up from the mail, and sees the account", async () => {
  begin();
  await click(page.getByRole("link", { name: "Home", exact: true }));
  await click(page.getByRole("link", { name: "Invite a person" }));
  await page.getByLabel("Email address").fill(NEW_PERSON);
  await click(page.getByRole("button", { name: "Send the invitation" }));
  await page.getByRole("dialog").waitFor({ state: "hidden" });
  end("invite a colleague");
  await page.context().clearCookies();
  begin();
  count();
  await clickInMail(page, waxseal, { to: NEW_PERSON, subject: /^Invitation/ });
  await click(page.getByRole("link", { name: "Create a sign-in" }));
  await page.getByLabel("Your name").fill("New Colleague");
  await page.getByLabel("Email address").fill(NEW_PERSON);
  await page.getByLabel("Password", { exact: true }).fill("a long enough password");
  await browser.photograph("sign-up-invited");
  await click(page.getByRole("button", { name: "Create account" }));
  await page.getByRole("heading", { name: "Check your mail" }).waitFor();
  count();
  await clickInMail(page, waxseal, { to: NEW_PERSON, subject: /^Confirm/ });
  await page.getByRole("heading", { name: /^Join Demo/ }).waitFor();
  await browser.photograph("invitation");
  await click(page.getByRole("button", { name: "Accept the invitation" }));
  await page.getByRole("heading", { name: "Home" }).waitFor();
  await page.getByRole("link", { name: "bakery.example", exact: true }).first().waitFor();
  end("accept an invitation as a new person");
});

test("the tour of the README is walked with the words it has", { timeout: 300_000 }, async () => {
  const steps = await readTour();
  expect(steps.map(({ length }) => length)).toEqual([1, 4, 7, 3, 6, 5]);
  await page.context().clearCookies();
  await open("/sign-in");
  await page.getByLabel("Email address").fill(DEMO_EMAIL);
  await page.getByLabel("Password", { exact: true }).fill(DEMO_PASSWORD);
  begin();
  for (const words of steps) for (const word of words) await follow(word);
  end("the tour of the README");
});

/** What a step of the tour asks for: something to press, to read, or to type. */
type TourWord = { press: string } | { read: string } | { type: string };

/** The words of each step of the README's tour; commands, addresses and the text around them are left out. */
async function readTour(): Promise<TourWord[][]> {
  const readme = await readFile(fileURLToPath(new URL("../../../README.md", import.meta.url)), "utf8");
  const tour = readme.split("### Two minutes")[1]?.split("\n![")[0] ?? "";
  return tour
    .split(/^\d\. /m)
    .slice(1)
    .map((step) =>
      [...step.replace(/\s+/g, " ").matchAll(/\*\*(.+?)\*\*|\*(.+?)\*|`([a-z.]+)`/g)].map(
        ([, press, read, type]) =>
          press !== undefined ? { press } : read !== undefined ? { read } : { type: type ?? "" },
      ),
    );
}

async function follow(word: TourWord): Promise<void> {
  if ("type" in word) return page.getByLabel("Domain", { exact: true }).fill(word.type);
  if ("read" in word) return page.getByText(word.read, { exact: true }).first().waitFor();
  const name = word.press;
  const radio = page.getByRole("radio", { name: new RegExp(`^${name}`) });
  const control = page
    .getByRole("button", { name, exact: true })
    .or(page.getByRole("link", { name, exact: true }))
    .or(radio);
  await click(control.first());
}

async function open(path: string): Promise<void> {
  await page.goto(`${waxseal.env.PUBLIC_URL}${path}`);
}

async function sandbox(path: string, body: object): Promise<void> {
  const response = await fetch(`${waxseal.env.SANDBOX_URL}${path}`, {
    method: "PUT",
    headers: { "content-type": "application/json" },
    body: JSON.stringify(body),
  });
  if (!response.ok) throw new Error(await response.text());
}

/** The Tuesday before today, UTC. */
function lastTuesday(): string {
  const at = new Date();
  do at.setUTCDate(at.getUTCDate() - 1);
  while (at.getUTCDay() !== 2);
  return at.toISOString().slice(0, 10);
}

/** A day as the browser writes it; some versions put a comma after the weekday. */
function inWords(day: string): string {
  return `Tue,? ${new Intl.DateTimeFormat("en-GB", { dateStyle: "medium", timeZone: "UTC" }).format(new Date(day))}`;
}
