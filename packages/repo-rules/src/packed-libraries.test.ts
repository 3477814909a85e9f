import { execFileSync } from "node:child_process";
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { stripTypeScriptTypes } from "node:module";
import { tmpdir } from "node:os";
import { join, resolve } from "node:path";
import { afterAll, expect, test } from "vitest";
import { readText } from "./repo-files.ts";

const home = mkdtempSync(join(tmpdir(), "packed-libraries-"));
afterAll(() => rmSync(home, { recursive: true }));

const run = (command: string, args: readonly string[], cwd: string) =>
  execFileSync(command, args, { cwd, encoding: "utf8", stdio: ["ignore", "pipe", "pipe"] });

/** Builds the package as it is published, where `import "@waxseal/…"` finds it. */
function install(name: string): string {
  const source = resolve("packages", name);
  const target = join(home, "node_modules", "@waxseal", name);
  run(resolve("node_modules/.bin/tsc"), ["-p", "tsconfig.build.json", "--outDir", target], source);
  run(process.execPath, [resolve("packages/mta-sts/build-package.mjs"), target], source);
  return target;
}

/** Lines of the form `expression; // value` become comparisons where the value is one that can be read. */
function toChecks(example: string): string {
  return example.replace(
    /^([\w"'`[({].*); \/\/ (\[\]|true|false|\{.*\}|".*")$/gm,
    (line, expression, value) => (value.includes("…") ? line : `assert.deepEqual(${expression}, ${value});`),
  );
}

for (const [name, prelude] of [
  ["mta-sts", ""],
  [
    "tls-rpt",
    'const inflatedJson = readFileSync(fileURLToPath(import.meta.resolve("@waxseal/tls-rpt/fixtures/rfc-example.json")));',
  ],
] as const) {
  test(`the published form of ${name} runs the example of its README, and its command`, () => {
    const target = install(name);
    const [, example = ""] = /```ts\n([\s\S]+?)```/.exec(readText(`packages/${name}/README.md`)) ?? [];
    const checked = toChecks(stripTypeScriptTypes(example, { mode: "strip" }));
    expect(checked).toContain("assert.deepEqual(");
    const imports =
      'import assert from "node:assert/strict"; import { readFileSync } from "node:fs"; import { fileURLToPath } from "node:url";';
    writeFileSync(join(home, `${name}.mjs`), `${imports}\n${prelude}\n${checked}`);
    run(process.execPath, [join(home, `${name}.mjs`)], home);
    expect(() => run(process.execPath, [join(target, "bin", `${name}.mjs`)], home)).toThrow(
      / <(domain|file)>/,
    );
  });
}

test("the published form of client asks an API, without this repository and without dependencies", () => {
  const target = install("client");
  expect(JSON.parse(readFileSync(join(target, "package.json"), "utf8")).dependencies).toBeUndefined();
  const program = `import { createClient, eachItem, WaxsealError } from "@waxseal/client";
    const answers = [{ items: [{ domain: "a.example" }], nextCursor: "2" }, { items: [{ domain: "b.example" }], nextCursor: null }];
    const fetch = async () => Response.json(answers.shift());
    const waxseal = createClient({ url: "https://waxseal.example", token: "wxs_key", fetch });
    for await (const { domain } of eachItem((cursor) => waxseal.listDomains({ query: { cursor } }))) console.log(domain);
    await createClient({ url: "http://127.0.0.1:1" }).getMe().catch((error) => console.log(error instanceof WaxsealError, error.message));`;
  writeFileSync(join(home, "client.mjs"), program);
  expect(run(process.execPath, [join(home, "client.mjs")], home)).toBe(
    "a.example\nb.example\ntrue http://127.0.0.1:1 does not answer.\n",
  );
});

test("the command of tls-rpt reads a report and says what failed", () => {
  const bin = join(home, "node_modules/@waxseal/tls-rpt/bin/tls-rpt.mjs");
  const printed = run(
    process.execPath,
    [bin, "read", resolve("packages/tls-rpt/fixtures/rfc-example.json")],
    home,
  );
  expect(printed).toContain("company-y.example: 5326 sessions succeeded, 303 failed");
  expect(printed).toMatch(
    /100 x certificate-expired at mx1\.mail\.company-y\.example: Renew the certificate/,
  );
  expect(() => run(process.execPath, [bin, "read", "no-such-file"], home)).toThrow(/cannot be read/);
});
