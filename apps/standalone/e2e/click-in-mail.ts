import type { Page } from "playwright-core";
import { expect } from "vitest";
import type { TestStandalone } from "./start-test-standalone.ts";

/**
 * Opens the sandbox's inbox as a person does, then the newest mail to `to` with that subject, and clicks its button. Resolves when the
 * page that the button leads to has loaded.
 */
export async function clickInMail(
  page: Page,
  { env }: Pick<TestStandalone, "env">,
  { to, subject }: { to: string; subject: RegExp },
): Promise<void> {
  await page.goto(`http://127.0.0.1:${env.SANDBOX_MAIL_WEB_PORT}/`);
  const mails = page.getByRole("listitem").filter({ hasText: `to ${to}` });
  const links = mails.getByRole("link", { name: subject });
  const arrived = async () => {
    if ((await links.count()) === 0) await page.reload();
    return links.count();
  };
  await expect.poll(arrived, { timeout: 60_000, interval: 200 }).toBeGreaterThan(0);
  await links.first().click();
  await page.frameLocator("iframe").getByRole("link").first().click();
  const { host } = new URL(env.PUBLIC_URL ?? "");
  await page.waitForURL((url) => url.host === host);
}
