import { readdir, readFile } from "node:fs/promises";
import { fileURLToPath } from "node:url";
import { gzipSync } from "node:zlib";
import type { Page } from "playwright-core";
import { afterAll, beforeAll, expect, test } from "vitest";
import { DEMO_EMAIL, DEMO_PASSWORD } from "../src/seed-demo.ts";
import { accountOf } from "./account-of-page.ts";
import { judgePage } from "./judge-page.ts";
import { openBrowser, type TestBrowser } from "./open-browser.ts";
import { startTestStandalone, type TestStandalone } from "./start-test-standalone.ts";
import {
  compareWithTable,
  emailOf,
  prepareWalk,
  signInAs,
  WALKERS,
  type Walked,
  walkPages,
} from "./walk-roles.ts";
import { followPath, timeNavigation } from "./watch-page.ts";

const distDir = fileURLToPath(new URL("../../dashboard/dist", import.meta.url));

let waxseal: TestStandalone;
let browser: TestBrowser;
let page: Page;

beforeAll(async () => {
  waxseal = await startTestStandalone({}, { empty: false });
  browser = await openBrowser();
  page = browser.page;
});
afterAll(async () => {
  await browser?.close();
  await waxseal?.stop();
});

const FRONT_PAGES = [
  { name: "welcome", path: "/" },
  { name: "sign-in", path: "/sign-in" },
  { name: "sign-in-old-link", path: "/?error=TOKEN_EXPIRED" },
  { name: "sign-in-sso-refused", path: "/sign-in/sso?error=access_denied" },
  { name: "sign-up", path: "/sign-up" },
  { name: "forgot-password", path: "/forgot-password" },
  { name: "reset-password", path: "/reset-password?token=abc" },
  { name: "reset-password-old", path: "/reset-password?error=INVALID_TOKEN" },
  { name: "check", path: "/check" },
  { name: "device", path: "/device?code=BCDF-GHJK" },
  { name: "not-found", path: "/nothing/here" },
];

test("the pages before signing in are readable for everyone, light and dark, wide and narrow", {
  timeout: 400_000,
}, async () => {
  await page.goto(`${waxseal.env.PUBLIC_URL}/sign-in`);
  for (const { name, path } of FRONT_PAGES) await visit(name, path);
  await page.goto(`${waxseal.env.PUBLIC_URL}/check/bakery.example`);
  await page.getByRole("heading", { name: "Mail hosts" }).waitFor();
  await judgePage(browser, "check-result");
});

test("so is every page of an account", { timeout: 600_000 }, async () => {
  await page.goto(`${waxseal.env.PUBLIC_URL}/sign-in`);
  await page.getByLabel("Email address").fill(DEMO_EMAIL);
  await page.getByLabel("Password", { exact: true }).fill(DEMO_PASSWORD);
  await page.getByRole("button", { name: "Sign in" }).click();
  await page.getByRole("heading", { name: "Home" }).waitFor();
  const domains = await listIds("/api/v1/domains", "domain");
  const [reportId = ""] = (await listIds("/api/v1/tls-reports?result=certificate-expired", "id")).values();
  const domain = (name: string) => `/domains/${domains.get(name)}`;
  const pages = [
    ["home", "/"],
    ["domains", "/domains"],
    ["add-domain", "/domains/new"],
    ["add-many", "/domains/add-many"],
    ["domain-healthy", domain("bakery.example")],
    ["domain-testing", domain("brewery.example")],
    ["policy-testing", `${domain("brewery.example")}/policy`],
    ["reports-domain", `${domain("brewery.example")}/reports`],
    ["fetches", `${domain("bakery.example")}/fetches?period=month`],
    ["activity", `${domain("brewery.example")}/activity`],
    ["turn-off", `${domain("brewery.example")}/turn-off`],
    ["reports-all", "/reports"],
    ["reports-narrowed", "/reports?tab=mx&result=certificate-expired&policy=sts"],
    ["mx-test", "/reports/mx-test?mx=expired-mx2.brewery.example&about=brewery.example"],
    ["report-list", "/reports/list"],
    ["monthly-report", "/monthly-report"],
    ["report", `/reports/${reportId}`],
    ["quarantine", "/quarantine"],
    ["customers", "/customers"],
    ["portfolio", "/customers/domains"],
    ["customer-reports", "/customers/reports"],
    ["instructions", "/instructions?only=all"],
    ["bulk-changes", "/policy-changes"],
    ["bulk-change-new", "/policy-changes/new"],
    ["settings-profile", "/settings"],
    ["settings-security", "/settings/security"],
    ["settings-account", "/settings/account"],
    ["settings-branding", "/settings/branding"],
    ["settings-members", "/settings/members"],
    ["settings-notifications", "/settings/notifications"],
    ["settings-api", "/settings/api"],
    ["settings-data", "/settings/data"],
    ["audit", "/audit"],
    ["audit-filtered", "/audit?kind=policy&actor=De"],
    ["invitation-old", "/invitations/none"],
    ["not-found-inside", "/nothing/here"],
  ] as const;
  for (const [name, path] of pages) await visit(name, path);
  expect(await page.getByRole("navigation", { name: "Sections" }).isVisible()).toBe(true);
  const account = accountOf(page);
  await visit("customer-home", `/a/${await addCustomer("Bakery Sons & Daughters Limited")}/`);
  // Addresses without an account, as below, lead into the one that was opened last.
  await page.goto(`${waxseal.env.PUBLIC_URL}/a/${account}${domain("bakery.example")}`);
  await page.getByText("Senders get exactly this").waitFor();
  await page.goto(`${waxseal.env.PUBLIC_URL}${domain("bakery.example")}/policy`);
  await page.getByText("Changes since version 1").click();
  await judgePage(browser, "policy-changes");
  const begun = await page.request.post(`${waxseal.env.PUBLIC_URL}/api/v1/device-logins`, {
    data: { client: "waxseal on a laptop", scope: "admin" },
  });
  const { userCode } = (await begun.json()) as { userCode: string };
  await visit("device-decide", `/device?code=${userCode}`);
});

test("so is every dialog", { timeout: 300_000 }, async () => {
  const domains = await listIds("/api/v1/domains", "domain");
  const domain = `/domains/${domains.get("brewery.example")}`;
  const dialogs = [
    ["dialog-invite", "/settings/members", ["Invite a person"]],
    ["dialog-key", "/settings/api", ["Create an API key"]],
    ["dialog-delete-account", "/settings/account", ["Delete this account…"]],
    ["dialog-customer", "/customers", ["Add a customer"]],
    ["dialog-turn-off", `${domain}/turn-off`, ["Turn off for brewery.example…"]],
    ["dialog-policy", `${domain}/policy`, ["Add a mail host", "Review and publish…"]],
  ] as const;
  for (const [name, path, buttons] of dialogs) {
    await page.goto(`${waxseal.env.PUBLIC_URL}${path}`);
    for (const button of buttons) {
      await page.getByRole("button", { name: button }).click();
      if (button === "Add a mail host")
        await page.getByLabel("Mail host 3", { exact: true }).fill("mx3.brewery.example");
    }
    await page.getByRole("dialog").waitFor();
    await judgePage(browser, name);
    await page.keyboard.press("Escape");
    await expect.poll(() => page.getByRole("dialog").count(), { message: `${name} closes` }).toBe(0);
  }
});

test("going from page to page never shows an empty one", async () => {
  const domains = await listIds("/api/v1/domains", "domain");
  const domain = `/domains/${domains.get("brewery.example")}`;
  await page.goto(`${waxseal.env.PUBLIC_URL}/domains`);
  await page.getByRole("heading", { name: "Domains", level: 1 }).waitFor();
  for (const path of [
    domain,
    `${domain}/policy`,
    `${domain}/reports`,
    `${domain}/fetches`,
    `${domain}/activity`,
    "/reports",
    "/reports/list",
    "/quarantine",
    "/customers",
    "/customers/domains",
    "/customers/reports",
    "/settings",
    "/audit",
    "/domains/new",
    "/domains",
  ]) {
    const { blankFrames } = await timeNavigation(page, `/a/${accountOf(page)}${path}`);
    expect([path, blankFrames]).toEqual([path, 0]);
  }
});

test("a server that does not answer is retried in words, and a page that cannot be loaded is ours", async () => {
  await page.goto(`${waxseal.env.PUBLIC_URL}/domains`);
  await page.getByRole("heading", { name: "Domains", level: 1 }).waitFor();
  await page.evaluate(() => navigator.serviceWorker.ready.then(() => undefined));
  await page.route("**/api/**", (route) => route.abort());
  await page.getByRole("link", { name: "Quarantine", exact: true }).click();
  await page.getByText(/^The server does not answer\. Retrying in \d+ s\.$/).waitFor();
  await judgePage(browser, "server-silent");
  await page.unroute("**/api/**");
  await page.getByRole("button", { name: "Retry now" }).click();
  await page.getByRole("heading", { name: "Quarantine", level: 1 }).waitFor();
  await expect.poll(() => page.getByText("The server does not answer").count()).toBe(0);
  await page.context().setOffline(true);
  await page.goto(`${waxseal.env.PUBLIC_URL}/a/${accountOf(page)}/settings`);
  await page.getByRole("heading", { name: "You are offline" }).waitFor();
  await page.context().setOffline(false);
  await page.getByRole("heading", { name: "Settings", level: 1 }).waitFor();
});

test("each role is offered on every page what the permission table allows, and nothing is asked for that is refused", {
  timeout: 400_000,
}, async () => {
  await signInAs(page, waxseal, DEMO_EMAIL);
  await page.goto(`${waxseal.env.PUBLIC_URL}/`);
  await page.getByRole("heading", { name: "Home" }).waitFor();
  const account = accountOf(page);
  const customer = await prepareWalk(waxseal, { account, page });
  const paths = { provider: await listPaths(account), customer: await listPaths(customer) };
  const owners = new Map<string, Walked["controls"]>();
  for (const { who, role, of, walks } of WALKERS) {
    await signInAs(page, waxseal, emailOf(of, role));
    const own = paths[walks].map((path) => `/a/${walks === "customer" ? customer : account}${path}`);
    await page.goto(`${waxseal.env.PUBLIC_URL}${own[0]}`);
    const { refused, controls } = await walkPages(page, own);
    const theirs = owners.get(walks) ?? controls;
    owners.set(walks, theirs);
    const problems = own.flatMap((path, place) =>
      compareWithTable(role, controls.get(path) ?? [], theirs.get(path) ?? []).map(
        (problem) => `${paths[walks][place]}: ${problem}`,
      ),
    );
    expect.soft({ who, refused, problems }).toEqual({ who, refused: [], problems: [] });
  }
  await signInAs(page, waxseal, DEMO_EMAIL);
});

test("screen readers announce the new page after navigation", async () => {
  await page.goto(`${waxseal.env.PUBLIC_URL}/domains`);
  const said = () => page.locator("p[aria-live]").first().textContent();
  for (const name of ["Quarantine", "Reports"]) {
    await page.getByRole("link", { name, exact: true }).click();
    await expect.poll(said, { timeout: 60_000 }).toBe(`${name} · Waxseal`);
  }
});

test("the page for the person who edits the DNS is readable too, as long as its link lives", async () => {
  const added = await page.request.post(`${waxseal.env.PUBLIC_URL}/api/v1/domains`, {
    data: { domain: "dairy.example" },
    headers: { origin: waxseal.env.PUBLIC_URL ?? "", "x-waxseal-account": accountOf(page) },
  });
  const { id } = (await added.json()) as { id: string };
  await page.goto(`${waxseal.env.PUBLIC_URL}/domains/${id}`);
  await page.getByRole("button", { name: "Create link" }).click();
  const link = await page.getByText("/setup/").innerText();
  await judgePage(browser, "domain-shared");
  await page.context().clearCookies();
  await page.goto(link);
  await page.getByRole("heading", { name: "DNS records for dairy.example" }).waitFor();
  await expect
    .poll(() => page.getByRole("list", { name: "DNS records" }).getByRole("listitem").count())
    .toBe(3);
  await judgePage(browser, "shared-setup");
  await visit("shared-setup-dead", `/setup/${"n".repeat(24)}`);
});

test("the first page's JavaScript stays below 200 kB gzipped", async () => {
  const html = await readFile(`${distDir}/index.html`, "utf8");
  const first = [...html.matchAll(/(?:src|href)="\/(assets\/[^"]+\.js)"/g)].map(([, file]) => file ?? "");
  expect(first.length).toBeGreaterThan(0);
  expect((await readdir(`${distDir}/assets`)).length).toBeGreaterThan(first.length);
  const sizes = await Promise.all(
    first.map(async (file) => gzipSync(await readFile(`${distDir}/${file}`)).length),
  );
  const packed = await fetch(`${waxseal.env.PUBLIC_URL}/${first[0]}`, {
    headers: { "accept-encoding": "br" },
  });
  expect(packed.headers.get("content-encoding")).toBe("br");
  expect(sizes.reduce((sum, size) => sum + size, 0)).toBeLessThan(200_000);
});

async function visit(name: string, path: string): Promise<void> {
  await followPath(page, path, { mayStay: true });
  await judgePage(browser, name);
}

async function addCustomer(name: string): Promise<string> {
  const made = await page.request.post(`${waxseal.env.PUBLIC_URL}/api/v1/customers`, {
    data: { name },
    headers: { origin: waxseal.env.PUBLIC_URL ?? "", "x-waxseal-account": accountOf(page) },
  });
  return ((await made.json()) as { id: string }).id;
}

/** Ids of what a list holds, by one of their properties; asked with the browser's session. */
async function listIds(path: string, by: string): Promise<Map<string, string>> {
  const answer = await page.request.get(`${waxseal.env.PUBLIC_URL}${path}`);
  if (!answer.ok()) throw new Error(`${path}: ${await answer.text()}`);
  const { items } = (await answer.json()) as { items: Record<string, string>[] };
  return new Map(items.map((item) => [item[by] ?? "", item.id ?? ""]));
}

/** Paths of every page of an account, with those of one of its domains, alerts and reports. */
async function listPaths(account: string): Promise<string[]> {
  const first = async (list: string) =>
    (await listIds(`/api/v1/${list}?account=${account}`, "id")).values().next().value;
  const domain = await first("domains");
  const [report, alert, change] = [
    await first("tls-reports"),
    await first("incidents"),
    await first("policy-changes"),
  ];
  const isProvider = report !== undefined;
  return [
    "",
    "/domains",
    "/domains/new",
    "/domains/add-many",
    ...["", "/policy", "/reports", "/fetches", "/activity", "/turn-off"].map(
      (tab) => `/domains/${domain}${tab}`,
    ),
    "/reports",
    "/reports/list",
    ...(isProvider ? [`/reports/${report}`, `/alerts/${alert}`, `/policy-changes/${change}`] : []),
    "/quarantine",
    ...(isProvider ? ["/customers", "/customers/domains", "/customers/reports"] : []),
    "/summary",
    "/instructions?only=all",
    "/policy-changes",
    "/policy-changes/new",
    "/alerts",
    ...["profile", "security", "account", "branding", "members", "notifications", "api", "data"].map(
      (part) => `/settings/${part}`,
    ),
    "/audit",
  ];
}
