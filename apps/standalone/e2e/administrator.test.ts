import { FRESH_SIGN_IN_MS } from "@waxseal/contract";
import { createContext } from "@waxseal/core";
import { OPERATOR } from "@waxseal/core/accounts";
import { finishClosing } from "@waxseal/core/closing";
import { openDatabase } from "@waxseal/db";
import { DAY_MS } from "@waxseal/runtime/time-spans";
import type { Page } from "playwright-core";
import { afterAll, beforeAll, expect, test } from "vitest";
import { accountOf } from "./account-of-page.ts";
import { clickInMail } from "./click-in-mail.ts";
import { judgePage } from "./judge-page.ts";
import { openBrowser, type TestBrowser } from "./open-browser.ts";
import { shareTestStandalone, type TestStandalone } from "./start-test-standalone.ts";
import { timeJourneys } from "./time-journeys.ts";

const MATE = "mate@people.example";
const PASSWORD = "a long enough password";

let waxseal: TestStandalone;
let browser: TestBrowser;
let page: Page;
let owner: { email: string; password: string; key: string };
let cellar: string;
let mateCookies: Awaited<ReturnType<ReturnType<Page["context"]>["cookies"]>>;

beforeAll(async () => {
  waxseal = await shareTestStandalone();
  owner = await waxseal.newAccount("Cellar");
  await waxseal.cli("user", "create", "--email", MATE, "--password", PASSWORD);
  await waxseal.api("POST", "/api/v1/domains", { key: owner.key, body: { domain: "cellar.example" } });
  browser = await openBrowser();
  page = browser.page;
});
afterAll(async () => {
  print();
  await browser?.close();
  await waxseal?.stop();
});

const { click, time, print } = timeJourneys();
const button = (name: string | RegExp) => page.getByRole("button", { name });

async function signInAs(email: string, password: string): Promise<void> {
  await page.getByLabel("Email address").fill(email);
  await page.getByLabel("Password", { exact: true }).fill(password);
  await click(button("Sign in"));
}

async function openSettings(part: "Members" | "Account"): Promise<void> {
  await page.getByRole("heading", { name: "Home" }).waitFor();
  await click(page.getByRole("link", { name: "Settings" }));
  await page.getByRole("heading", { name: "Settings" }).waitFor();
  await openPart(part);
}

async function openPart(part: string): Promise<void> {
  await click(
    page.getByRole("navigation", { name: "Parts of the settings" }).getByRole("link", { name: part }),
  );
}

test("an owner invites a viewer, who reads of a void invitation what to do, sees the domains and can change nothing", async () => {
  await time("invite a viewer who can change nothing", async () => {
    await page.goto(`${waxseal.env.PUBLIC_URL}/sign-in`);
    await signInAs(owner.email, owner.password);
    await openSettings("Members");
    await click(button("Invite a person"));
    await page.getByLabel("Email address").fill(MATE);
    await page.getByLabel("Role").selectOption("viewer");
    await click(button("Send the invitation"));
    await page.getByRole("cell", { name: MATE, exact: true }).waitFor();
    await clickInMail(page, waxseal, { to: MATE, subject: /^Invitation/ });
    await page.getByText(`This invitation is for ${MATE}`).waitFor();
    await judgePage(browser, "invitation-other-person");
    const reloaded = page.waitForEvent("load");
    await click(button("Sign out and use another address"));
    await reloaded;
    await page.getByRole("link", { name: "I have one: sign in" }).waitFor();
    await page.getByText("Viewer: read only").waitFor();
    await judgePage(browser, "invitation-signed-out");
    await readVoidInvitations();
    await click(page.getByRole("link", { name: "I have one: sign in" }));
    await signInAs(MATE, PASSWORD);
    await click(button("Accept the invitation"));
    await page.getByText("cellar.example").first().waitFor();
  });
  mateCookies = await page.context().cookies();
  cellar = accountOf(page);
  const { body: list } = await waxseal.api<{ items: { id: string }[] }>("GET", "/api/v1/domains", owner);
  const domain = `/domains/${list.items[0]?.id}`;
  const policy = { mode: "enforce", mx: ["mx.cellar.example"], maxAgeSeconds: 604_800 };
  const attempts: [string, string, unknown?][] = [
    ["POST", "/domains", { domain: "more.example" }],
    ["PUT", `${domain}/policy`, policy],
    ["POST", `${domain}/leave`],
    ["POST", "/invitations", { email: "friend@people.example", role: "viewer" }],
    ["POST", "/api-keys", { name: "mine" }],
    ["PUT", "/account/two-factor", { required: true }],
    ["POST", "/account/closing", { name: "Cellar" }],
    ["GET", "/account/export"],
  ];
  for (const [method, path, body] of attempts) {
    const status = await page.evaluate(
      async (sent) => {
        const headers = {
          "x-waxseal-account": sent.account,
          ...(sent.body && { "content-type": "application/json" }),
        };
        const init = { method: sent.method, headers, ...(sent.body && { body: sent.body }) };
        return (await fetch(`/api/v1${sent.path}`, init)).status;
      },
      { method, path, account: accountOf(page), ...(body !== undefined && { body: JSON.stringify(body) }) },
    );
    expect([method, path, status]).toEqual([method, path, 403]);
  }
});

test("a person who leaves the company is removed, reads it at their next click, and the key they knew is replaced", async () => {
  let newKey = "";
  await inDatabase(async (db) => {
    const { id: inviterId } = await db.user.findUniqueOrThrow({ where: { email: MATE } });
    const dates = { createdAt: new Date(), expiresAt: new Date(Date.now() + DAY_MS) };
    const sent = { ...dates, email: "friend@people.example", role: "viewer", status: "pending" };
    await db.invitation.create({ data: { ...sent, id: "sent by mate", organizationId: cellar, inviterId } });
  });
  await time("leave the company: remove a person, rotate a key", async () => {
    await page.context().clearCookies();
    await page.goto(`${waxseal.env.PUBLIC_URL}/sign-in`);
    await signInAs(owner.email, owner.password);
    await openSettings("Members");
    await click(button(`Change ${MATE}`));
    await click(button("Remove from the account…"));
    await page.getByText(/can open nothing of this account or of its customers from their next/).waitFor();
    await page.getByText("1 open invitation they sent is revoked: friend@people.example.").waitFor();
    await judgePage(browser, "dialog-remove-member");
    await click(button(`Remove ${MATE.split("@")[0]}`));
    await expect.poll(() => button(`Change ${MATE}`).count()).toBe(0);
    await openPart("API");
    await click(button("Create an API key"));
    await page.getByLabel("Name").fill("e2e, second");
    await click(button("Create key"));
    newKey =
      (await page
        .getByRole("dialog")
        .getByText(/^wxs_\S+$/)
        .textContent()) ?? "";
    await click(page.getByRole("dialog").getByRole("button", { name: "Close" }).last());
    await click(page.getByRole("button", { name: "Delete e2e", exact: true }));
    await click(button("Delete key"));
    await expect.poll(() => page.getByRole("button", { name: "Delete e2e", exact: true }).count()).toBe(0);
  });
  const ask = async (key: string) => (await waxseal.api("GET", "/api/v1/domains", { key })).status;
  expect([await ask(owner.key), await ask(newKey)]).toEqual([401, 200]);
  await page.context().clearCookies();
  await page.context().addCookies(mateCookies);
  await page.goto(`${waxseal.env.PUBLIC_URL}/a/${cellar}/reports`);
  await page.getByRole("heading", { name: "You no longer belong to Cellar" }).waitFor();
  await page.getByText("cellar removed you from Cellar on").waitFor();
  await judgePage(browser, "no-account-removed");
});

test("a person without an account starts one, renames it, and signs in to the account they worked in last", async () => {
  await time("start an account of one's own", async () => {
    await click(button("Start a new account"));
    await click(button("Start the account"));
    await page.getByText("Enter a name for the account.").waitFor();
    await page.getByLabel("Account name").fill("Attic");
    await click(button("Start the account"));
    await openSettings("Account");
  });
  await click(button("Rename…"));
  await page.getByLabel("Account name").fill("Attic and Sons");
  await click(button("Save the name"));
  await page
    .getByRole("definition")
    .filter({ hasText: /^Attic and Sons$/ })
    .waitFor();
  await page.getByText("You are the only owner. Make another member owner first.").waitFor();

  await waxseal.cli("account", "create", "--name", "Shed", "--owner", MATE);
  await page.reload();
  await page.getByLabel("Work in another account").selectOption("Shed");
  await page
    .getByRole("definition")
    .filter({ hasText: /^Shed$/ })
    .waitFor();
  const source = accountOf(page);
  await page.context().clearCookies();
  await page.goto(`${waxseal.env.PUBLIC_URL}/sign-in`);
  await signInAs(MATE, PASSWORD);
  await page.getByRole("heading", { name: "Home" }).waitFor();
  expect(accountOf(page)).toBe(source);
});

test("an owner deletes an account, changes their mind, deletes it after all, and reads that it is gone", async () => {
  await inDatabase(async (db) => {
    await db.session.updateMany({ data: { createdAt: new Date(Date.now() - FRESH_SIGN_IN_MS) } });
  });
  await openSettings("Account");
  await click(button("Delete this account…"));
  const dialog = page.getByRole("dialog");
  await dialog.getByText("You signed in more than 15 minutes ago").waitFor();
  await judgePage(browser, "dialog-close-account-stale");
  await click(dialog.getByRole("button", { name: "Sign in again" }));
  await signInAs(MATE, PASSWORD);
  await click(button("Delete this account…"));
  await dialog.getByText(/^Nothing changes until .*, and all owners get a mail/).waitFor();
  await judgePage(browser, "dialog-close-account");
  await dialog.getByLabel("Type Shed to confirm").fill("shed?");
  await click(dialog.getByRole("button", { name: "Delete the account" }));
  await dialog.getByRole("alert").waitFor();
  await dialog.getByLabel("Type Shed to confirm").fill("Shed");
  await click(dialog.getByRole("button", { name: "Delete the account" }));
  const banner = page.getByText("Shed is being deleted");
  await banner.waitFor();
  await click(page.getByRole("link", { name: "Domains", exact: true }));
  await page.getByRole("heading", { name: "Domains", level: 1 }).waitFor();
  await page.getByText("Add your first domain").waitFor();
  await judgePage(browser, "domains-closing");
  await click(page.getByRole("link", { name: "See the dates, or keep the account" }));
  await click(button("Keep the account"));
  await button("Delete this account…").waitFor();
  expect(await banner.count()).toBe(0);
  await click(button("Delete this account…"));
  await dialog.getByLabel("Type Shed to confirm").fill("Shed");
  await click(dialog.getByRole("button", { name: "Delete the account" }));
  await banner.waitFor();
  await pretendDaysPassed(accountOf(page));
  await page.goto(`${waxseal.env.PUBLIC_URL}/a/${accountOf(page)}/domains`);
  await page.getByRole("heading", { name: "Shed was deleted" }).waitFor();
  await button("Sign out").waitFor();
  await button("Start a new account").waitFor();
  await judgePage(browser, "no-account-deleted");
  await click(page.getByRole("link", { name: "Work in Attic and Sons" }));
  await page.getByRole("heading", { name: "Home" }).waitFor();
});

test("a member leaves an account and reads that they left", async () => {
  const attic = accountOf(page);
  await inDatabase(async (db) => {
    const { id: userId } = await db.user.findUniqueOrThrow({ where: { email: owner.email } });
    await db.member.create({
      data: { id: `${attic} ${userId}`, organizationId: attic, userId, role: "editor" },
    });
  });
  await page.context().clearCookies();
  await page.goto(`${waxseal.env.PUBLIC_URL}/sign-in?next=/a/${attic}/settings/account`);
  await signInAs(owner.email, owner.password);
  await click(button("Leave this account…"));
  await judgePage(browser, "dialog-leave-account");
  await click(button("Leave the account"));
  await page.getByRole("heading", { name: "You left Attic and Sons" }).waitFor();
  await click(page.getByRole("link", { name: "Work in Cellar" }));
  await page.getByRole("heading", { name: "Home" }).waitFor();
});

/** The open invitation as if it had expired, and as if it were revoked: its page says so, and whom to ask, without a sign-in. */
async function readVoidInvitations(): Promise<void> {
  const inviter = `Ask cellar (${owner.email}) for a new one.`;
  const signIn = page.getByRole("link", { name: "I have one: sign in" });
  const reloadWith = async (data: { expiresAt?: Date; status?: string }) => {
    await inDatabase(async (db) => {
      await db.invitation.updateMany({ where: { email: MATE }, data });
    });
    await page.reload();
  };
  await reloadWith({ expiresAt: new Date() });
  await page.getByText(/This invitation to Cellar expired on /).waitFor();
  await page.getByText(inviter).waitFor();
  expect(await signIn.count()).toBe(0);
  await reloadWith({ expiresAt: new Date(Date.now() + DAY_MS), status: "canceled" });
  await page.getByText(`This invitation to Cellar was revoked. ${inviter}`).waitFor();
  await reloadWith({ status: "pending" });
  await signIn.waitFor();
}

/** Two days after an account was closed, as its owners and the worker see it. */
async function pretendDaysPassed(accountId: string): Promise<void> {
  await inDatabase(async (db) => {
    const closingAt = new Date(Date.now() - 2 * DAY_MS);
    await db.organization.update({ where: { id: accountId }, data: { closingAt } });
    await finishClosing(createContext({ db, now: () => new Date() }, accountId, OPERATOR));
    expect(await db.organization.count({ where: { id: accountId } })).toBe(0);
  });
}

async function inDatabase(work: (db: ReturnType<typeof openDatabase>) => Promise<void>): Promise<void> {
  const db = openDatabase(waxseal.env.DATABASE_URL ?? "");
  try {
    await work(db);
  } finally {
    await db.$disconnect();
  }
}
