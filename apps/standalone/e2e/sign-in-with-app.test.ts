import { openDatabase } from "@waxseal/db";
import { type TOTP, URI } from "otpauth";
import { afterAll, beforeAll, expect, test } from "vitest";
import { clickInMail } from "./click-in-mail.ts";
import { judgePage } from "./judge-page.ts";
import { openBrowser, type TestBrowser } from "./open-browser.ts";
import { shareTestStandalone, type TestStandalone } from "./start-test-standalone.ts";

let waxseal: TestStandalone;
let browser: TestBrowser;
beforeAll(async () => {
  waxseal = await shareTestStandalone();
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
  await page.getByLabel("3. Code that the app shows").fill("000000");
  await page.getByRole("button", { name: "Turn two-factor on" }).click();
  await page.getByText("The code is wrong or has expired.").waitFor();
  await page.getByRole("img", { name: "QR code for an authenticator app" }).waitFor();
  await page.getByLabel("3. Code that the app shows").fill(app.generate());
  await page.getByRole("button", { name: "Turn two-factor on" }).click();
  await page.getByRole("heading", { name: "Home" }).waitFor();

  await page.goto(`${waxseal.env.PUBLIC_URL}/settings/security`);
  await page.getByText("You use two-factor").waitFor();
  await page.getByText("10 recovery codes are left.").waitFor();
  await page.getByText("This account requires two-factor: add a passkey first").first().waitFor();
  expect(await page.getByRole("button", { name: "Turn off…" }).getAttribute("aria-disabled")).toBe("true");
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
  await page
    .getByRole("textbox", { name: "Recovery code" })
    .fill(codes.split("\n")[3]?.replace("-", "") ?? "");
  await page.getByRole("button", { name: "Sign in" }).click();
  await page.getByText("That recovery code is used up. 9 are left.").waitFor();
  await judgePage(browser, "recovery-code-used");
  await page.getByRole("button", { name: "Continue" }).click();
  await page.getByRole("heading", { name: "Home" }).waitFor();

  await page.getByRole("link", { name: "Settings" }).click();
  await page.getByRole("link", { name: "Security" }).click();
  await page.getByRole("button", { name: "New recovery codes…" }).click();
  const dialog = page.getByRole("dialog");
  await dialog.getByLabel("Your password").fill(password);
  await dialog.getByRole("button", { name: "Make new codes" }).click();
  await dialog.getByRole("button", { name: "Copy the codes" }).click();
  const download = page.waitForEvent("download");
  await dialog.getByRole("link", { name: "Download the codes" }).click();
  expect((await download).suggestedFilename()).toBe("waxseal-recovery-codes.txt");
  await dialog.getByRole("button", { name: "Print the codes" }).waitFor();
  await judgePage(browser, "recovery-codes-new");
  await dialog.getByRole("button", { name: "I have kept them" }).click();
  await page.getByText("10 recovery codes are left.").waitFor();
});

test("a member who lost phone and codes gets in again: an owner asks for it, or for the last owner the operator, and a day passes", async () => {
  const { page } = browser;
  const lost = "vineyard@example.com";
  const helper = await waxseal.newAccount("Cooper");
  const db = openDatabase(waxseal.env.DATABASE_URL ?? "");
  const { id: organizationId } = await db.organization.findFirstOrThrow({ where: { name: "Vineyard" } });
  const { id: userId } = await db.user.findUniqueOrThrow({ where: { email: helper.email } });
  await db.organization.update({ where: { id: organizationId }, data: { requiresTwoFactor: false } });
  await db.member.create({ data: { id: `${userId} helps`, organizationId, userId, role: "owner" } });
  const signIn = async (email: string, password: string) => {
    await page.context().clearCookies();
    await page.goto(`${waxseal.env.PUBLIC_URL}/sign-in?next=/a/${organizationId}/settings/members`);
    await page.getByLabel("Email address").fill(email);
    await page.getByLabel("Password", { exact: true }).fill(password);
    await page.getByRole("button", { name: "Sign in" }).click();
  };
  await signIn(helper.email, helper.password);
  await page.getByRole("button", { name: `Change ${lost}` }).click();
  await page.getByRole("button", { name: "Reset the second factor" }).click();
  await page.getByText(`Requested. ${lost} and you get a mail.`).waitFor();
  await judgePage(browser, "dialog-reset-factor");
  await signIn(lost, "password of Vineyard");
  await page.getByRole("heading", { name: "Enter your code" }).waitFor();

  const reset = await waxseal.cli<{ email: string; effectiveAt: string }>(
    ...["user", "reset-two-factor", "--email", lost],
  );
  expect(reset).toMatchObject({ email: lost, effectiveAt: expect.stringMatching(/^\d{4}-/) });
  expect(Date.parse(reset.effectiveAt) - Date.now()).toBeGreaterThan(20 * 3_600_000);
  await db.twoFactorReset.updateMany({ data: { effectiveAt: new Date() } });
  await db.$disconnect();
  await signIn(lost, "password of Vineyard");
  await page.getByRole("link", { name: "Security", exact: true }).click();
  await page.getByText("Off for you").waitFor();
  for (const to of [lost, helper.email]) {
    await page.goto(`http://127.0.0.1:${waxseal.env.SANDBOX_MAIL_WEB_PORT}/`);
    const mails = page.getByRole("listitem").filter({ hasText: `to ${to}` });
    expect(
      await mails.filter({ hasText: /second factor|two-factor|authenticator/i }).count(),
    ).toBeGreaterThan(0);
  }
});

test("a person changes name, password and address while signed in; both mailboxes confirm the address", async () => {
  const { page } = browser;
  const button = (name: string) => page.getByRole("button", { name, exact: true });
  const helper = await waxseal.newAccount("Helper");
  await page.context().clearCookies();
  await page.goto(`${waxseal.env.PUBLIC_URL}/sign-in`);
  await page.getByLabel("Email address").fill(helper.email);
  await page.getByLabel("Password", { exact: true }).fill(helper.password);
  await button("Sign in").click();
  await page.getByRole("heading", { name: "Home" }).waitFor();
  await page.getByRole("link", { name: "Settings" }).click();
  await button("Change name…").click();
  await page.getByRole("dialog").getByLabel("Your name").fill("Hedda Helper");
  await page.getByRole("dialog").getByRole("button", { name: "Save" }).click();
  await page
    .getByRole("definition")
    .filter({ hasText: /^Hedda Helper$/ })
    .waitFor();
  await button("Change password…").click();
  await page.getByRole("dialog").getByLabel("Your password").fill("not the password");
  await page.getByLabel("New password", { exact: true }).fill("another long password");
  await button("Change password").click();
  await page.getByText("The password is wrong.").waitFor();
  await page.getByRole("dialog").getByLabel("Your password").fill(helper.password);
  await button("Change password").click();
  await page.getByText("Your password is changed. You are signed out everywhere else.").waitFor();
  await button("Change email address…").click();
  await page.getByLabel("New email address").fill("hedda@people.example");
  await button("Send the links").click();
  await page.getByText("We mailed a link to helper@example.com and one to hedda@people.example.").waitFor();
  await judgePage(browser, "settings-person");
  for (const to of ["hedda@people.example", helper.email]) {
    await clickInMail(page, waxseal, { to, subject: /^Confirm your new/ });
    await button("Confirm the change").click();
    if (to === "hedda@people.example") await page.getByText("Confirmed for this address").waitFor();
  }
  await page.getByText("Sign in with hedda@people.example from now on.").waitFor();
  await judgePage(browser, "email-change-done");
});
