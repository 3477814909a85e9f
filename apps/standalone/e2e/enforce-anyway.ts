import { UNSAFE_CODES } from "@waxseal/contract";
import type { Page } from "playwright-core";

/** Agreement, by API, to every reason that stops enforcing: a domain of a test has no reports yet. */
export function agreeToEnforce(domain: string) {
  return { acknowledge: UNSAFE_CODES, confirmDomain: domain };
}

/** In the dialog that reviews an enforcing policy: reads why it is stopped, types the domain and goes on. */
export async function enforceAnyway(
  page: Page,
  domain: string,
  click: (target: ReturnType<Page["locator"]>) => Promise<void> = (target) => target.click(),
): Promise<void> {
  const dialog = page.getByRole("dialog");
  await dialog.getByText("Mail would be held back").waitFor({ timeout: 60_000 });
  await click(dialog.locator("summary").getByText("Enforce anyway"));
  await dialog.getByLabel(`Type ${domain} to confirm`).fill(domain);
  await click(dialog.getByRole("button", { name: "Enforce anyway" }));
}
