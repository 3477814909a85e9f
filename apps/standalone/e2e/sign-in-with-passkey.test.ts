import type { CDPSession } from "playwright-core";
import { afterAll, beforeAll, expect, test } from "vitest";
import { judgePage } from "./judge-page.ts";
import { openBrowser, type TestBrowser } from "./open-browser.ts";
import { shareTestStandalone, type TestStandalone } from "./start-test-standalone.ts";
import { timeJourneys } from "./time-journeys.ts";

let waxseal: TestStandalone;
let browser: TestBrowser;
let device: CDPSession;
let authenticatorId: string;
const { click, time, print } = timeJourneys();
beforeAll(async () => {
  waxseal = await shareTestStandalone();
  browser = await openBrowser();
  device = await browser.page.context().newCDPSession(browser.page);
  await device.send("WebAuthn.enable");
  ({ authenticatorId } = await device.send("WebAuthn.addVirtualAuthenticator", {
    options: {
      protocol: "ctap2",
      transport: "internal",
      hasResidentKey: true,
      hasUserVerification: true,
      isUserVerified: true,
      automaticPresenceSimulation: true,
    },
  }));
});
afterAll(async () => {
  print();
  await browser?.close();
  await waxseal?.stop();
});

const button = (name: string) => browser.page.getByRole("button", { name, exact: true });
const heading = (name: string) => browser.page.getByRole("heading", { name, exact: true });

async function signInByPassword({ email, password }: { email: string; password: string }) {
  const { page } = browser;
  await page.context().clearCookies();
  await page.goto(`${waxseal.env.PUBLIC_URL}/sign-in`);
  await page.getByLabel("Email address").fill(email);
  await page.getByLabel("Password", { exact: true }).fill(password);
  await button("Sign in").click();
}

async function openSignIn() {
  await browser.page.context().clearCookies();
  await browser.page.goto(`${waxseal.env.PUBLIC_URL}/sign-in`);
}

async function sessionCookie(): Promise<string> {
  const cookies = await browser.page.context().cookies();
  return cookies.map(({ name, value }) => `${name}=${value}`).join("; ");
}

async function statusOfMe(cookie: string): Promise<number> {
  return (await fetch(`http://127.0.0.1:${waxseal.env.PORT}/api/v1/me`, { headers: { cookie } })).status;
}

/** Answers a passkey's challenge whatever the page would have asked of it, and returns the server's answer. */
async function signInWithoutVerification(): Promise<{ status: number; code: string }> {
  return browser.page.evaluate(async () => {
    const asked = await fetch("/api/auth/passkey/generate-authenticate-options");
    const options = PublicKeyCredential.parseRequestOptionsFromJSON(await asked.json());
    const found = await navigator.credentials.get({
      publicKey: { ...options, userVerification: "discouraged" },
    });
    const response = found instanceof PublicKeyCredential ? found.toJSON() : undefined;
    const answer = await fetch("/api/auth/passkey/verify-authentication", {
      method: "POST",
      headers: { "content-type": "application/json" },
      body: JSON.stringify({ response }),
    });
    return { status: answer.status, code: (await answer.json()).code };
  });
}

test("a passkey is added, named, signs in without password, and is removed; owners read it in the audit log", async () => {
  const { page } = browser;
  const owner = await waxseal.newAccount("Meadow");
  await signInByPassword(owner);
  await heading("Home").waitFor();
  await page.goto(`${waxseal.env.PUBLIC_URL}/settings/security`);
  const before = await sessionCookie();
  await time("add a passkey", async () => {
    await click(button("Add a passkey"));
    await page.getByRole("textbox", { name: "Name" }).fill("work laptop");
    await click(button("Continue"));
    await page.getByRole("cell", { name: "work laptop", exact: true }).waitFor();
  });
  expect(
    [await statusOfMe(before), await statusOfMe(await sessionCookie())],
    "the session is replaced",
  ).toEqual([401, 200]);
  await judgePage(browser, "settings-passkeys");
  await button("Change work laptop").click();
  await page.getByRole("textbox", { name: "Name" }).fill("home laptop");
  await page.getByRole("dialog").getByRole("button", { name: "Save" }).click();
  await page.getByRole("cell", { name: "home laptop", exact: true }).waitFor();

  await openSignIn();
  await judgePage(browser, "sign-in-ways");
  await time("sign in with a passkey", async () => {
    await click(button("Use a passkey"));
    await heading("Home").waitFor();
  });

  await page.goto(`${waxseal.env.PUBLIC_URL}/settings/security`);
  await button("Change home laptop").click();
  await judgePage(browser, "passkey-dialog");
  await button("Remove this passkey…").click();
  await button("Remove it").click();
  await page.getByText("No passkey yet").waitFor();
  await page.goto(`${waxseal.env.PUBLIC_URL}/audit`);
  await page.getByText("added the passkey work laptop").first().waitFor();
  await page.getByText("removed the passkey home laptop").first().waitFor();
  await openSignIn();
  await button("Use a passkey").click();
  await page.getByText(/^This passkey does not belong to /).waitFor();
  await device.send("WebAuthn.clearCredentials", { authenticatorId });
});

test("where two-factor is required a passkey is enough, a password alone is not, and the last factor stays", async () => {
  const owner = await waxseal.newAccount("Hillside");
  const body = { required: true };
  expect((await waxseal.api("PUT", "/api/v1/account/two-factor", { key: owner.key, body })).status).toBe(204);
  await signInByPassword(owner);
  await heading("Set up two-factor").waitFor();
  await judgePage(browser, "two-factor-or-passkey");
  await button("Add a passkey instead").click();
  await heading("Home").waitFor();

  await signInByPassword(owner);
  await heading("Set up two-factor").waitFor();
  await button("Use your passkey instead").click();
  await heading("Home").waitFor();

  const { page } = browser;
  await page.getByRole("link", { name: "Settings" }).click();
  await page.getByRole("link", { name: "Security", exact: true }).click();
  await page.getByRole("button", { name: /^Change Passkey/ }).click();
  await button("Remove this passkey…").click();
  await button("Remove it").click();
  await page.getByText(/^Hillside requires two-factor, and this is your last second factor\./).waitFor();
  await judgePage(browser, "passkey-last");
  await page.keyboard.press("Escape");
  await page.getByRole("button", { name: /^Change Passkey/ }).waitFor();
});

test("a passkey whose device did not verify its user opens nothing", async () => {
  await openSignIn();
  await device.send("WebAuthn.setUserVerified", { authenticatorId, isUserVerified: false });
  expect(await signInWithoutVerification()).toEqual({ status: 403, code: "USER_NOT_VERIFIED" });
  const me = await browser.page.evaluate(async () => (await fetch("/api/v1/me")).status);
  expect(me).toBe(401);
  await device.send("WebAuthn.setUserVerified", { authenticatorId, isUserVerified: true });
  expect(await signInWithoutVerification()).toMatchObject({ status: 403 });
  await button("Use a passkey").click();
  await heading("Home").waitFor();
});
