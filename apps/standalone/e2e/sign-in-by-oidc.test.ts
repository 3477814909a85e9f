import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { type TOTP, URI } from "otpauth";
import { afterAll, beforeAll, expect, test } from "vitest";
import { clickInMail } from "./click-in-mail.ts";
import { judgePage } from "./judge-page.ts";
import { openBrowser, type TestBrowser } from "./open-browser.ts";
import { addSandboxDomain, untilActive } from "./sandbox-domain.ts";
import { type OidcProvider, startOidcProvider } from "./start-oidc-provider.ts";
import { startTestStandalone, type TestStandalone } from "./start-test-standalone.ts";
import { timeJourneys } from "./time-journeys.ts";

const HOST = "login.vineyard.example";
const MEMBER = "vera@vineyard.example";

let folder: string;
let waxseal: TestStandalone;
let provider: OidcProvider;
let browser: TestBrowser;
let owner: { email: string; password: string; key: string };
let app: TOTP;
const { click, time, print } = timeJourneys();

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), "waxseal-oidc-"));
  const caFile = join(folder, "ca.pem");
  provider = await startOidcProvider({ host: HOST, caFile });
  waxseal = await startTestStandalone({ NODE_EXTRA_CA_CERTS: caFile });
  provider.allow(`${waxseal.env.PUBLIC_URL}/sign-in/sso`);
  owner = await waxseal.newAccount("Vineyard");
  const { id } = await addSandboxDomain(waxseal, owner.key, "vineyard.example");
  await untilActive(waxseal, owner.key, id);
  const answer = await fetch(`${waxseal.env.SANDBOX_URL}/zones/vineyard.example/records`, {
    method: "PUT",
    headers: { "content-type": "application/json" },
    body: JSON.stringify({ name: HOST, type: "A", value: "127.0.0.1" }),
  });
  expect(answer.status).toBe(200);
  browser = await openBrowser([`--host-resolver-rules=MAP ${HOST} 127.0.0.1`, "--ignore-certificate-errors"]);
});
afterAll(async () => {
  print();
  await browser?.close();
  await waxseal?.stop();
  provider?.stop();
  await rm(folder, { recursive: true, force: true });
});

const button = (name: string) => browser.page.getByRole("button", { name, exact: true });
const heading = (name: string) => browser.page.getByRole("heading", { name, exact: true });

async function openSignIn() {
  await browser.page.context().clearCookies({ domain: "localhost" });
  await browser.page.goto(`${waxseal.env.PUBLIC_URL}/sign-in`);
}

async function goToProvider() {
  await browser.page.getByLabel("Email address").fill(MEMBER);
  await click(button("Single sign-on"));
}

test("an owner sets up single sign-on, and mistakes are shown at their fields", async () => {
  const { page } = browser;
  await openSignIn();
  await page.getByLabel("Email address").fill(owner.email);
  await page.getByLabel("Password", { exact: true }).fill(owner.password);
  await button("Sign in").click();
  await heading("Home").waitFor();
  await page.goto(`${waxseal.env.PUBLIC_URL}/settings/security`);
  const save = page.getByRole("dialog").getByRole("button", { name: "Save" });
  const open = page.getByRole("region", { name: "Single sign-on" }).getByRole("button", { name: "Set up…" });
  const fill = async (issuer: string, domains: string) => {
    await page.getByLabel("Issuer").fill(issuer);
    await page.getByLabel("Client ID").fill(provider.clientId);
    await page.getByLabel("Client secret").fill(provider.clientSecret);
    await page.getByLabel("Domains of your addresses").fill(domains);
  };
  await open.click();
  await fill(`${provider.issuer}/other`, "vineyard.example, elsewhere.example");
  await save.click();
  await page.getByText("elsewhere.example is not proven to be yours").waitFor();
  await page.getByLabel("Domains of your addresses").fill("vineyard.example");
  await save.click();
  await page.getByText(`${new URL(provider.issuer).host} answered 404`).waitFor();
  await judgePage(browser, "sso-dialog");
  await page.getByRole("dialog").getByRole("button", { name: "Cancel" }).click();
  await time("set up single sign-on", async () => {
    await click(open);
    await fill(provider.issuer, "vineyard.example");
    await click(page.getByText("Required", { exact: true }));
    await click(save);
    await page.getByText("Everyone except owners").waitFor();
  });
  await judgePage(browser, "settings-sso");
});

test("who is invited signs in by OIDC, sets up the second factor the account enforces, and is asked for it from then on", async () => {
  const { page } = browser;
  const { key } = owner;
  const invitation = { key, body: { email: MEMBER, role: "editor" } };
  expect((await waxseal.api("POST", "/api/v1/invitations", invitation)).status).toBe(201);
  await waxseal.api("PUT", "/api/v1/account/two-factor", { key, body: { required: true } });

  await openSignIn();
  await clickInMail(page, waxseal, { to: MEMBER, subject: /^Invitation/ });
  await page.getByRole("link", { name: "I have one: sign in" }).click();
  await time("sign in by OIDC the first time, with two-factor enforced", async () => {
    await goToProvider();
    await page.getByPlaceholder("and password").fill("whatever");
    await click(button("Sign-in"));
    await click(button("Continue"));
    await heading("Set up two-factor").waitFor();
    await click(button("Set up two-factor"));
    const secret = (await page.getByText(/^[A-Z2-7]{40,}$/).textContent()) ?? "";
    app = URI.parse(`otpauth://totp/Waxseal:me?secret=${secret}`) as TOTP;
    await page.getByLabel("3. Code that the app shows").fill(app.generate());
    await click(button("Turn two-factor on"));
    await heading("Home").waitFor();
  });

  await openSignIn();
  await time("sign in by OIDC with two-factor enforced", async () => {
    await goToProvider();
    await heading("Enter your code").waitFor();
    expect(await page.evaluate(async () => (await fetch("/api/v1/me")).status)).toBe(401);
    await page.getByRole("textbox", { name: "Code" }).fill(app.generate());
    await click(button("Sign in"));
    await heading("Home").waitFor();
  });
  const me = await page.evaluate(async () => (await fetch("/api/v1/me")).json());
  expect(me).toMatchObject({
    user: { name: "Vera Vintner", email: MEMBER },
    account: { name: "Vineyard", role: "editor" },
    signIn: { by: "sso", hasPassword: false },
    twoFactor: { enabled: true, lacking: false },
  });
  await page.goto(`${waxseal.env.PUBLIC_URL}/settings/profile`);
  await page.getByText("You came by single sign-on").first().waitFor();
  await judgePage(browser, "settings-after-sso");
});

test("a member who came by password is led to single sign-on", async () => {
  const { page } = browser;
  const mate = { email: "mate@vineyard.example", password: "a long enough password" };
  await waxseal.cli("user", "create", "--email", mate.email, "--password", mate.password);
  const body = { email: mate.email, role: "viewer" };
  await waxseal.api("POST", "/api/v1/invitations", { key: owner.key, body });
  await openSignIn();
  await clickInMail(page, waxseal, { to: mate.email, subject: /^Invitation/ });
  await page.getByRole("link", { name: "I have one: sign in" }).click();
  await page.getByLabel("Email address").fill(mate.email);
  await page.getByLabel("Password", { exact: true }).fill(mate.password);
  await button("Sign in").click();
  await button("Accept the invitation").click();
  await heading("Single sign-on required").waitFor();
  await judgePage(browser, "sso-required");
  await page.context().clearCookies({ domain: HOST });
  await button("Go there and sign in").click();
  await page.getByPlaceholder("and password").waitFor();
});

test("a stranger, no address, and an address without single sign-on get that reason", async () => {
  const { page } = browser;
  await openSignIn();
  await button("Single sign-on").click();
  await page.getByText("Enter your email address first").waitFor();
  await judgePage(browser, "sso-no-address");
  await page.getByLabel("Email address").fill("mate@nowhere.example");
  await button("Single sign-on").click();
  await page.getByText("There is no single sign-on for this address").waitFor();
  await page.getByLabel("Email address").fill("stranger@vineyard.example");
  await button("Single sign-on").click();
  await page.getByPlaceholder("and password").fill("whatever");
  await button("Sign-in").click();
  await button("Continue").click();
  await page.getByText("You are not a member of this account").waitFor();
  await judgePage(browser, "sso-refused");
});
