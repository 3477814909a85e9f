import { mkdir } from "node:fs/promises";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { type Browser, chromium, type Page } from "playwright-core";

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

/** Started by the first test file of a worker process, and ended with it: each file has a profile of its own in it. */
let shared: Promise<Browser> | undefined;

/** Debian's Chromium with an empty profile; with more arguments, a process of its own. */
export async function openBrowser(moreArguments: readonly string[] = []): Promise<TestBrowser> {
  const own = moreArguments.length > 0;
  if (!own) shared ??= launch();
  const browser = await (own || !shared ? launch(moreArguments) : shared);
  const context = await browser.newContext({
    viewport: WIDE,
    locale: "en-GB",
    // Frames of animations are painted by the processor here.
    reducedMotion: "reduce",
  });
  const page = await context.newPage();
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
    close: () => (own ? browser.close() : context.close()),
  };
}

function launch(moreArguments: readonly string[] = []): Promise<Browser> {
  return chromium.launch({ executablePath: "/usr/bin/chromium", args: [...ARGUMENTS, ...moreArguments] });
}
