import type { Page, Request } from "playwright-core";
import { afterAll, beforeAll, expect, test } from "vitest";
import { openBrowser, type TestBrowser } from "./open-browser.ts";
import { addSandboxDomain, untilActive } from "./sandbox-domain.ts";
import { shareTestStandalone, type TestStandalone } from "./start-test-standalone.ts";

let waxseal: TestStandalone;
let browser: TestBrowser;
let tab1: Page;
let tab2: Page;
/** Senders may hold a policy of the served domain, and none of the other two. */
let provider: { id: string; key: string; domainId: string; unusedId: string; servedId: string };
let customer: { id: string; domainId: string };

beforeAll(async () => {
  waxseal = await shareTestStandalone();
  const { email, password, key } = await waxseal.newAccount("Rivers");
  const { body: me } = await waxseal.api<{ account: { id: string } }>("GET", "/api/v1/me", { key });
  const made = await waxseal.api<{ id: string }>("POST", "/api/v1/customers", {
    key,
    body: { name: "Brook" },
  });
  const served = await addSandboxDomain(waxseal, key, "delta.example");
  provider = {
    id: me.account.id,
    key,
    domainId: await addDomain("rivers.example", key, me.account.id),
    unusedId: await addDomain("spring.example", key, me.account.id),
    servedId: served.id,
  };
  customer = { id: made.body.id, domainId: await addDomain("brook.example", key, made.body.id) };
  await untilActive(waxseal, key, served.id);
  browser = await openBrowser();
  tab1 = browser.page;
  await tab1.goto(`${waxseal.env.PUBLIC_URL}/sign-in`);
  await tab1.getByLabel(/^E-?mail address$/i).fill(email);
  await tab1.getByLabel("Password", { exact: true }).fill(password);
  await tab1.getByRole("button", { name: "Sign in", exact: true }).click();
  await tab1.waitForURL(`**/a/${provider.id}`);
  tab2 = await tab1.context().newPage();
});
afterAll(async () => {
  await browser?.close();
  await waxseal?.stop();
});

const at = (accountId: string, path: string) => `${waxseal.env.PUBLIC_URL}/a/${accountId}${path}`;
const button = (name: string | RegExp) => tab1.getByRole("button", { name }).first();
const submit = () => tab1.locator("[role=dialog] [type=submit]").click();

async function addDomain(domain: string, key: string, account: string): Promise<string> {
  const response = await fetch(`http://127.0.0.1:${waxseal.env.PORT}/api/v1/domains`, {
    method: "POST",
    headers: {
      authorization: `Bearer ${key}`,
      "content-type": "application/json",
      "x-waxseal-account": account,
    },
    body: JSON.stringify({ domain }),
  });
  return Object(await response.json()).id;
}

/** Opens the customer in the other tab and has the session start there. */
async function openCustomerInTab2(): Promise<void> {
  await tab2.bringToFront();
  await tab2.goto(at(customer.id, "/settings"));
  const site = waxseal.env.PUBLIC_URL ?? "";
  const data = { accountId: customer.id };
  // Asked for until it is so: a tab that has just been opened may still be making its own account the start.
  const start = async () => {
    await tab2.request.put(`${site}/api/v1/me/account`, { data, headers: { origin: site } });
    return Object(await (await tab2.request.get(`${site}/api/v1/me`)).json()).account.id;
  };
  await expect.poll(start).toBe(customer.id);
}

type Write = { name: string; path: () => string; act: () => Promise<void>; sends: string; status?: number };

const WRITES: Write[] = [
  {
    name: "invite a person",
    path: () => "/settings/members",
    act: async () => {
      await button("Invite a person").click();
      await tab1.getByRole("dialog").getByRole("textbox").first().fill("guest@people.example");
      await submit();
    },
    sends: "POST /invitations",
  },
  {
    name: "make an API key",
    path: () => "/settings/api",
    act: async () => {
      await button("Create an API key").click();
      await tab1.getByRole("dialog").getByRole("textbox").first().fill("second");
      await submit();
    },
    sends: "POST /api-keys",
  },
  {
    name: "add a customer",
    path: () => "/customers",
    act: async () => {
      await button("Add a customer").click();
      await tab1.getByRole("dialog").getByRole("textbox").first().fill("Creek");
      await submit();
    },
    sends: "POST /customers",
  },
  {
    name: "add a domain",
    path: () => "/domains/new",
    act: async () => {
      await tab1.getByRole("textbox").first().fill("creek.example");
      await tab1.keyboard.press("Enter");
    },
    sends: "POST /domains",
  },
  {
    name: "add many domains",
    path: () => "/domains/add-many",
    act: async () => {
      await tab1.getByRole("textbox").first().fill("pond.example\nlake.example");
      await button(/list|preview/i).click();
      await button(/^Add 2 domains/).click();
    },
    sends: "POST /domains/bulk",
  },
  {
    name: "check a domain",
    path: () => `/domains/${provider.domainId}`,
    act: () => button(/^Check/).click(),
    sends: "POST /domains/:id/check",
  },
  {
    name: "share a domain's records",
    path: () => `/domains/${provider.domainId}`,
    act: () => button(/^(Make|Create) (a )?(new )?link/).click(),
    sends: "POST /domains/:id/share",
  },
  {
    name: "publish a policy",
    path: () => `/domains/${provider.domainId}/policy`,
    act: async () => {
      await button(/^Add .*host/).click();
      await tab1.getByRole("textbox").last().fill("mx9.rivers.example");
      await button(/^Review/).click();
      await tab1
        .getByRole("dialog")
        .getByRole("button", { name: /^Publish/ })
        .click();
    },
    sends: "PUT /domains/:id/policy",
  },
  {
    name: "tag a domain",
    path: () => "/domains",
    act: async () => {
      await tab1.getByRole("checkbox", { name: /rivers\.example/ }).check();
      await button("Tags").click();
      await tab1.getByRole("dialog").getByRole("textbox").first().fill("gold");
      await submit();
    },
    sends: "POST /domains/tags",
  },
  {
    name: "save a filter",
    path: () => "/domains?q=rivers",
    act: async () => {
      await button("Save this filter").click();
      await tab1.getByRole("dialog").getByRole("textbox").first().fill("Ours");
      await submit();
    },
    sends: "POST /saved-filters",
  },
  {
    name: "make a link to instructions",
    path: () => "/instructions?only=all",
    act: () => button(/^(Make|Create) (a )?link/).click(),
    sends: "POST /instruction-sheets",
  },
  {
    name: "prepare a change of many policies",
    path: () => `/policy-changes/new?domainIds=${provider.domainId}`,
    act: async () => {
      await tab1.getByRole("combobox").first().selectOption("testing");
      await button(/preview|look/i).click();
    },
    sends: "POST /policy-changes",
  },
  {
    name: "turn a domain off",
    path: () => `/domains/${provider.servedId}/turn-off`,
    act: async () => {
      await button(/^Turn off for delta\.example/).click();
      await tab1.getByRole("dialog").getByRole("textbox").fill("delta.example");
      await tab1
        .getByRole("dialog")
        .getByRole("button", { name: /turn off/i })
        .click();
    },
    sends: "POST /domains/:id/leave",
  },
  {
    name: "delete a domain",
    path: () => `/domains/${provider.unusedId}/turn-off`,
    act: async () => {
      await button(/^Delete spring\.example/).click();
      await tab1.getByRole("dialog").getByRole("textbox").fill("spring.example");
      await tab1
        .getByRole("dialog")
        .getByRole("button", { name: /^Delete/ })
        .click();
    },
    sends: "DELETE /domains/:id",
  },
  {
    name: "delete the account",
    path: () => "/settings/account",
    act: async () => {
      await button(/^Delete this account/).click();
      await tab1.getByRole("dialog").getByRole("textbox").fill("Rivers");
      await submit();
    },
    sends: "POST /account/closing",
    // The provider still has customers; the customer itself would be closed.
    status: 409,
  },
];

/** The change a request asks for, with ids left out; `undefined` for reads and where the session starts. */
function nameChange(request: Request): string | undefined {
  const { pathname } = new URL(request.url());
  const path = pathname.replace(/^\/api\/v1/, "").replace(/[0-9a-f]{8}-[0-9a-f-]{27}/, ":id");
  const isChange = pathname.startsWith("/api/v1/") && request.method() !== "GET" && path !== "/me/account";
  return isChange ? `${request.method()} ${path}` : undefined;
}

test.for(WRITES)(
  "$name: it happens in the account of its tab, wherever another tab went since",
  async ({ path, act, sends, status }) => {
    await tab1.bringToFront();
    await tab1.goto(at(provider.id, path()));
    await tab1.getByRole("heading", { level: 1 }).waitFor();
    await openCustomerInTab2();
    await tab1.bringToFront();
    const answered = tab1.waitForResponse((response) => nameChange(response.request()) === sends);
    await act();
    const response = await answered;
    expect(await response.request().headerValue("x-waxseal-account")).toBe(provider.id);
    const expected = status === undefined ? /^2/ : new RegExp(String(status));
    expect(`${response.status()} ${await response.text()}`).toMatch(expected);
  },
);

test("none of it happened in the customer", async () => {
  const response = await tab1.request.get(`${waxseal.env.PUBLIC_URL}/api/v1/events?account=${customer.id}`);
  const kinds: string[] = Object(await response.json()).items.map(({ kind }: { kind: string }) => kind);
  // A check by the schedule may have been first.
  expect(kinds.filter((kind) => kind !== "setup.changed").toSorted()).toEqual([
    "account.created",
    "domain.added",
  ]);
});

test("a link opens in the account it names, and one to a thing of another own account offers to switch", async () => {
  await openCustomerInTab2();
  await tab1.goto(at(provider.id, `/domains/${provider.domainId}`));
  await tab1.getByRole("heading", { name: "rivers.example" }).waitFor();
  await tab2.goto(at(customer.id, `/domains/${customer.domainId}`));
  await tab2.getByRole("heading", { name: "brook.example" }).waitFor();
  await tab2.goto(at(customer.id, `/domains/${provider.domainId}/policy`));
  await tab2.getByRole("heading", { name: "Page not found" }).waitFor();
  await tab2.getByText("You work in Brook now. This page belongs to Rivers.").waitFor();
  await tab2.getByRole("link", { name: "Open it in Rivers" }).click();
  await tab2.waitForURL(at(provider.id, `/domains/${provider.domainId}/policy`));
  await tab2.getByRole("heading", { name: "rivers.example" }).waitFor();
});

test("an account that one has no role in is a page not found, and so is one that does not exist", async () => {
  const stranger = await waxseal.newAccount("Stranger");
  const { body } = await waxseal.api<{ account: { id: string } }>("GET", "/api/v1/me", stranger);
  const seen = [];
  for (const accountId of [body.account.id, "00000000-0000-4000-8000-000000000000"]) {
    await tab1.goto(at(accountId, "/domains"));
    await tab1.getByRole("heading", { name: /nothing at this address|not found/i }).waitFor();
    seen.push(await tab1.locator("body").innerText());
  }
  expect(seen[0]).toBe(seen[1]);
});

test("an address without an account leads to the same page of the account one starts in", async () => {
  await openCustomerInTab2();
  await tab1.goto(`${waxseal.env.PUBLIC_URL}/domains/${customer.domainId}/fetches?period=month`);
  await tab1.waitForURL(at(customer.id, `/domains/${customer.domainId}/fetches?period=month`));
  await tab1.goto(`${waxseal.env.PUBLIC_URL}/`);
  await tab1.waitForURL(at(customer.id, ""));
});

test("going to another account shows nothing of the one before, not for a moment, and downloads name it", async () => {
  await tab1.goto(at(provider.id, "/domains"));
  await tab1.getByText("rivers.example").first().waitFor();
  await tab1.getByRole("link", { name: "Customers" }).click();
  await tab1.getByRole("link", { name: "Open Brook" }).hover();
  await tab1.evaluate(() => {
    const seen: string[] = [];
    Object.assign(window, { seen });
    const look = () => {
      const isThere =
        location.pathname.endsWith("/domains") && document.querySelector("h1")?.textContent === "Domains";
      if (isThere) seen.push(document.querySelector("main")?.textContent ?? "");
    };
    new MutationObserver(look).observe(document.body, {
      subtree: true,
      childList: true,
      characterData: true,
    });
  });
  await tab1.getByRole("link", { name: "Open Brook" }).click();
  await tab1.getByText("brook.example").first().waitFor();
  const seen = await tab1.evaluate(() => Object(window).seen.join(" "));
  expect(seen).toContain("brook.example");
  expect(seen).not.toContain("rivers.example");
  await tab1.getByRole("link", { name: "Settings" }).click();
  await tab1.getByRole("link", { name: "Data", exact: true }).click();
  const href = await tab1.getByRole("link", { name: /^Export all data/ }).getAttribute("href");
  expect(href).toBe(`/api/v1/account/export?account=${customer.id}`);
});
