import type { Page } from "playwright-core";

/** The account in whose pages a browser is. */
export function accountOf(page: Page): string {
  return /^\/a\/([^/]+)/.exec(new URL(page.url()).pathname)?.[1] ?? "";
}

/** The domain whose page a browser shows. */
export function domainOf(page: Page): string {
  return /\/domains\/([^/]+)/.exec(new URL(page.url()).pathname)?.[1] ?? "";
}
