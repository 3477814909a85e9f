import { spawn } from "node:child_process";
import { mkdtemp, readFile, rm, stat, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";

/** Prints a page of HTML to a PDF. @throws Error when the browser ended without one, or was too slow */
export type PdfPrinter = (html: string) => Promise<Uint8Array>;

type Options = { chromiumPath: string; timeoutMs: number };

const MAX_PDF_BYTES = 5_000_000;

/**
 * A printer on the operator's Chromium, one page at a time. The page is a file of ours that forbids scripts; the browser can look up no name
 * and reach no address, has a profile of its own for each page, and is killed with its children after `timeoutMs`.
 */
export function createPdfPrinter(options: Options): PdfPrinter {
  let last: Promise<unknown> = Promise.resolve();
  return (html) => {
    const printed = last.then(() => print(html, options));
    last = printed.catch(() => undefined);
    return printed;
  };
}

async function print(html: string, { chromiumPath, timeoutMs }: Options): Promise<Uint8Array> {
  const folder = await mkdtemp(join(tmpdir(), "waxseal-print-"));
  try {
    const [page, pdf] = [join(folder, "page.html"), join(folder, "page.pdf")];
    await writeFile(page, html);
    await runBrowser(chromiumPath, [...flagsFor(folder), `--print-to-pdf=${pdf}`, `file://${page}`], {
      folder,
      timeoutMs,
    });
    const { size } = await stat(pdf);
    if (size > MAX_PDF_BYTES) throw new Error("The printed report is larger than 5 MB.");
    const bytes = await readFile(pdf);
    if (bytes.subarray(0, 5).toString("latin1") !== "%PDF-") throw new Error("The browser printed no PDF.");
    return bytes;
  } finally {
    await rm(folder, { recursive: true, force: true, maxRetries: 5 });
  }
}

function flagsFor(folder: string): string[] {
  return [
    ...["--headless", "--disable-gpu", "--no-first-run", "--disable-extensions", "--disable-dev-shm-usage"],
    ...["--disable-background-networking", "--disable-component-update", "--disable-sync"],
    // No name is looked up, and what is addressed by number goes to a proxy that is not there.
    ...[
      "--host-resolver-rules=MAP * ~NOTFOUND",
      "--proxy-server=127.0.0.1:9",
      "--proxy-bypass-list=<-loopback>",
    ],
    ...["--no-pdf-header-footer", `--user-data-dir=${folder}/profile`],
    // Chromium refuses to run as root with its own sandbox; the page allows no script.
    ...(process.getuid?.() === 0 ? ["--no-sandbox"] : []),
  ];
}

function runBrowser(
  path: string,
  flags: readonly string[],
  { folder, timeoutMs }: { folder: string; timeoutMs: number },
): Promise<void> {
  return new Promise((resolve, reject) => {
    // A separate process group, so that its children can be killed too.
    const browser = spawn(path, flags, {
      cwd: folder,
      detached: true,
      env: { HOME: folder, PATH: "/usr/bin:/bin" },
      stdio: "ignore",
    });
    const end = () => {
      try {
        if (browser.pid !== undefined) process.kill(-browser.pid, "SIGKILL");
      } catch {
        // It is gone already.
      }
    };
    const timer = setTimeout(() => {
      end();
      reject(new Error(`The browser of CHROMIUM_PATH printed nothing in ${timeoutMs / 1_000} seconds.`));
    }, timeoutMs);
    browser.once("error", (cause) => {
      clearTimeout(timer);
      reject(new Error("The browser of CHROMIUM_PATH cannot be started.", { cause }));
    });
    browser.once("exit", (code) => {
      clearTimeout(timer);
      end();
      if (code === 0) resolve();
      else reject(new Error(`The browser of CHROMIUM_PATH ended with status ${code}.`));
    });
  });
}
