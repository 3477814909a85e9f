import { chmod, mkdtemp, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, expect, test } from "vitest";
import { createPdfPrinter } from "./create-pdf-printer.ts";

let folder: string;
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), "waxseal-browser-"));
});
afterAll(() => rm(folder, { recursive: true }));

/** A program in the browser's place; `$pdf` and `$page` are the files it was given. */
async function addBrowser(name: string, script: string): Promise<string> {
  const path = join(folder, name);
  const read = `for flag in "$@"; do case "$flag" in --print-to-pdf=*) pdf="\${flag#*=}";; file://*) page="\${flag#file://}";; esac; done`;
  await writeFile(path, `#!/bin/sh\n${read}\n${script}\n`);
  await chmod(path, 0o755);
  return path;
}

test("a page is printed from a folder of its own, which is gone afterwards, by a browser that reaches no address", async () => {
  const chromiumPath = await addBrowser(
    "good",
    `{ printf '%%PDF-'; cat "$page"; } > "$pdf"; echo "$page $* $HOME" > "${folder}/seen"`,
  );
  const print = createPdfPrinter({ chromiumPath, timeoutMs: 30_000 });
  const [one, two] = await Promise.all([print("<p>one</p>"), print("<p>two</p>")]);
  expect([Buffer.from(one).toString(), Buffer.from(two).toString()]).toEqual([
    "%PDF-<p>one</p>",
    "%PDF-<p>two</p>",
  ]);
  const [page = "", ...flags] = (await readFile(join(folder, "seen"), "utf8")).trim().split(" ");
  await expect(readFile(page)).rejects.toThrow("ENOENT");
  expect(flags.join(" ")).toContain("--host-resolver-rules=MAP * ~NOTFOUND --proxy-server=127.0.0.1:9");
});

test("a browser that hangs is killed with its children, and the next page is printed", async () => {
  const path = await addBrowser("slow", `sleep 300 & echo $! > "${folder}/child"; wait`);
  await expect(createPdfPrinter({ chromiumPath: path, timeoutMs: 2_500 })("<p>")).rejects.toThrow(
    "printed nothing in 2.5 seconds",
  );
  const child = Number(await readFile(join(folder, "child"), "utf8"));
  const isGone = async () => /^State:\s+Z|^$/m.test(await readState(child));
  await expect.poll(isGone, { timeout: 20_000 }).toBe(true);
});

async function readState(pid: number): Promise<string> {
  const status = await readFile(`/proc/${pid}/status`, "utf8").catch(() => "");
  return /^State:.*$/m.exec(status)?.[0] ?? "";
}

test.each([
  ["no PDF", `echo text > "$pdf"`, "printed no PDF"],
  ["an error", "exit 3", "ended with status 3"],
  ["nothing", "exit 0", "ENOENT"],
])("a browser that leaves %s is an error", async (name, script, problem) => {
  const chromiumPath = await addBrowser(name.replace(" ", "-"), script);
  await expect(createPdfPrinter({ chromiumPath, timeoutMs: 30_000 })("<p>")).rejects.toThrow(problem);
});

test("a path without a program is an error in words", async () => {
  const print = createPdfPrinter({ chromiumPath: "/nowhere/chromium", timeoutMs: 30_000 });
  await expect(print("<p>")).rejects.toThrow("cannot be started");
});
