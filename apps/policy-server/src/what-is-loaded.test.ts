import { spawnSync } from "node:child_process";
import { expect, test } from "vitest";

/** Prints every file that importing the server loads. */
const SCRIPT = `
  import { registerHooks } from "node:module";
  registerHooks({ load: (url, context, next) => { console.log(url); return next(url, context); } });
  await import(${JSON.stringify(new URL("start-policy-server.ts", import.meta.url).href)});
`;

test("the policy server loads neither the Prisma client nor the contract: both are memory it does not need", () => {
  const { stdout, status } = spawnSync(process.execPath, ["--input-type=module", "-e", SCRIPT], {
    encoding: "utf8",
  });
  const loaded = stdout.split("\n");
  expect(status).toBe(0);
  expect(loaded.some((url) => url.endsWith("/open-sql-database.ts"))).toBe(true);
  expect(loaded.filter((url) => /prisma|generated|packages\/contract\//.test(url))).toEqual([]);
});
