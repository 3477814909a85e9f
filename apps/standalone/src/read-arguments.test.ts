import { spawnSync } from "node:child_process";
import { readFileSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { expect, test } from "vitest";
import { readArguments } from "./read-arguments.ts";

const root = fileURLToPath(new URL("../../../", import.meta.url));

test("--help prints the ways to start and starts nothing; an unknown argument is named", () => {
  const main = fileURLToPath(new URL("main.ts", import.meta.url));
  const ask = (flag: string) => spawnSync(process.execPath, [main, flag], { encoding: "utf8", cwd: root });
  const help = ask("--help");
  expect([help.status, help.stdout, help.stderr]).toEqual([
    0,
    expect.stringContaining("npm start -- --empty"),
    "",
  ]);
  const wrong = ask("--emty");
  expect([wrong.status, wrong.stdout, wrong.stderr]).toEqual([2, "", expect.stringContaining("--emty")]);
});

test("every script of package.json that starts the product passes only arguments that it takes", () => {
  const { scripts } = JSON.parse(readFileSync(`${root}package.json`, "utf8"));
  const starts = Object.values<string>(scripts).filter((script) => script.includes("standalone/src/main.ts"));
  expect(starts).toHaveLength(2);
  for (const script of starts) {
    const [, given = ""] = script.split("standalone/src/main.ts");
    expect(readArguments(given.split(" ").filter(Boolean), "/").answer).toBeUndefined();
  }
});

test("data folder and emptiness come from the arguments", () => {
  expect(readArguments([], "/srv")).toEqual({ dataDir: "/srv/.waxseal", empty: false, answer: undefined });
  expect(readArguments(["--empty", "--data-dir", "/data"], "/srv")).toMatchObject({
    dataDir: "/data",
    empty: true,
  });
  expect(readArguments(["stray"], "/srv").answer).toMatchObject({ status: 2 });
});
