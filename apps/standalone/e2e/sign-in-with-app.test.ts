import { type TOTP, URI } from "otpauth";
import { afterAll, beforeAll, expect, test } from "vitest";
import { openBrowser, type TestBrowser } from "./open-browser.ts";
import { startTestStandalone, type TestStandalone } from "./start-test-standalone.ts";

let waxseal: TestStandalone;
let browser: TestBrowser;
beforeAll(async () => {
  waxseal = await startTestStandalone();
  browser = await openBrowser();
});
afterAll(async () => {
  await browser?.close();
  await waxseal?.stop();
});

test("a member is led to two-factor when the account requires it, and signs in with the app's code from then on", async () => {
  const { page } = browser;
  const { email, password, key } = await waxseal.newAccount("Vineyard");
  const required = await waxseal.api("PUT", "/api/v1/account/two-factor", { key, body: { required: true } });
  expect(required.status).toBe(204);

  const signIn = async () => {
    await page.goto(`${waxseal.env.PUBLIC_URL}/sign-in`);
    await page.getByLabel("Email address").fill(email);
    await page.getByLabel("Password", { exact: true }).fill(password);
    await page.getByRole("button", { name: "Sign in" }).click();
  };
  await signIn();
  await page.getByRole("heading", { name: "Set up two-factor" }).waitFor();
  await page.getByLabel("Your password").fill(password);
  await page.getByRole("button", { name: "Set up two-factor" }).click();
  await page.getByRole("img", { name: "QR code for an authenticator app" }).waitFor();
  await browser.photograph("two-factor-setup");
  const secret = (await page.getByText(/^[A-Z2-7]{40,}$/).textContent()) ?? "";
  const codes = (await page.getByRole("region", { name: "Recovery codes" }).textContent()) ?? "";
  expect(codes.split("\n")).toHaveLength(10);
  const app = URI.parse(`otpauth://totp/Waxseal:me?secret=${secret}`) as TOTP;
  await page.getByLabel("3. Code that the app shows").fill(app.generate());
  await page.getByRole("button", { name: "Turn two-factor on" }).click();
  await page.getByRole("heading", { name: "Home" }).waitFor();

  await page.goto(`${waxseal.env.PUBLIC_URL}/settings`);
  await page.getByText("You use two-factor").waitFor();
  await browser.photograph("settings-two-factor");
  await page.context().clearCookies();

  await signIn();
  await page.getByRole("heading", { name: "Enter your code" }).waitFor();
  await browser.photograph("sign-in-code");
  await page.getByRole("textbox", { name: "Code" }).fill("000000");
  await page.getByRole("button", { name: "Sign in" }).click();
  await page.getByText("The code is wrong or has expired.").waitFor();
  await page.getByRole("textbox", { name: "Code" }).fill(app.generate());
  await page.getByRole("button", { name: "Sign in" }).click();
  await page.getByRole("heading", { name: "Home" }).waitFor();
  await page.context().clearCookies();

  await signIn();
  await page.getByRole("button", { name: "Use a recovery code" }).click();
  await page.getByRole("textbox", { name: "Recovery code" }).fill(codes.split("\n")[3] ?? "");
  await page.getByRole("button", { name: "Sign in" }).click();
  await page.getByRole("heading", { name: "Home" }).waitFor();
});
