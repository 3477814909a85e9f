import { mkdir, mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { type BrowserContext, chromium, type Page } from "playwright-core";

const screenshotDir = fileURLToPath(new URL("../../../screenshots", import.meta.url));

const ARGUMENTS = [
  "--no-sandbox",
  "--disable-gpu",
  "--disable-quic",
  "--no-first-run",
  "--disable-background-networking",
  "--disable-component-update",
  "--disable-sync",
];

export type TestBrowser = {
  page: Page;
  /**
   * With SCREENSHOTS=1, saves the page wide and at 390 px, light and dark, under the ignored folder screenshots/: hundreds of files
   * that take more than a minute of a run.
   */
  photograph(name: string): Promise<void>;
  close(): Promise<void>;
};

const TAKES_PICTURES = Boolean(process.env.SCREENSHOTS);
const WIDE = { width: 1280, height: 900 };
const NARROW = { width: 390, height: 844 };

/** Debian's Chromium with an empty profile. */
export async function openBrowser(moreArguments: readonly string[] = []): Promise<TestBrowser> {
  const profile = await mkdtemp(join(tmpdir(), "waxseal-chromium-"));
  const context: BrowserContext = await chromium.launchPersistentContext(profile, {
    executablePath: "/usr/bin/chromium",
    args: [...ARGUMENTS, ...moreArguments],
    viewport: WIDE,
    locale: "en-GB",
  });
  const page = context.pages()[0] ?? (await context.newPage());
  // Nothing waits this long on a quiet machine.
  page.setDefaultTimeout(60_000);
  return {
    page,
    photograph: async (name) => {
      if (!TAKES_PICTURES) return;
      await mkdir(screenshotDir, { recursive: true });
      for (const colorScheme of ["light", "dark"] as const) {
        await page.emulateMedia({ colorScheme, reducedMotion: "reduce" });
        for (const [width, viewport] of [
          ["wide", WIDE],
          ["390", NARROW],
        ] as const) {
          await page.setViewportSize(viewport);
          const path = join(screenshotDir, `${name}-${colorScheme}-${width}.png`);
          await page.screenshot({ path, fullPage: true });
        }
      }
      await page.emulateMedia({ colorScheme: "light", reducedMotion: "reduce" });
      await page.setViewportSize(WIDE);
    },
    close: async () => {
      await context.close();
      await rm(profile, { recursive: true, force: true });
    },
  };
}
