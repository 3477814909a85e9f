import { execFile } from "node:child_process";
import { fileURLToPath } from "node:url";
import { promisify } from "node:util";
import { expect, test } from "vitest";

const MAIN = fileURLToPath(new URL("../../../testing/fuzz-messages-main.ts", import.meta.url));

test("RFC 8460 §7: damaged mails, archives and bombs never throw, hang, or take more memory than a message may", async () => {
  const args = ["--expose-gc", "--max-old-space-size=256", MAIN, "6", "20260315"];
  const { stdout } = await promisify(execFile)(process.execPath, args);
  expect(stdout).toMatch(/^seed 20260315: [1-9]\d* messages, /);
}, 60_000);
