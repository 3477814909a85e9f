import { execFile } from "node:child_process";
import { readFileSync } from "node:fs";
import { promisify } from "node:util";
import { Command } from "commander";
import { expect, test } from "vitest";
import { runTestCli } from "../testing/run-test-cli.ts";
import { COMMAND_GROUPS } from "./command-groups.ts";
import { formatCompletion } from "./format-completion.ts";

const cli = (args: string[]) => runTestCli(args, { env: {}, cwd: "/" });

test("the first help page names every command as its own file does", async () => {
  for (const { commands, load } of COMMAND_GROUPS) {
    const program = new Command();
    (await load())(program, async () => undefined);
    const defined = program.commands.map((command) => [command.name(), command.description()]);
    expect(Object.fromEntries(defined)).toEqual(commands);
  }
});

test("help and version load none of the files that commands need: together these take two seconds of processor time", async () => {
  const allowed = [
    "node:",
    "commander",
    "./",
    "@waxseal/runtime/read-version",
    "@waxseal/runtime/read-secret-files",
  ];
  for (const file of [
    "main.ts",
    "run-cli.ts",
    "command-groups.ts",
    "format-completion.ts",
    "ask-secret.ts",
  ]) {
    const source = readFileSync(new URL(file, import.meta.url), "utf8");
    const imported = [...source.matchAll(/^import (?!type ).*? from "([^"]+)";$/gm)].map(
      ([, name = ""]) => name,
    );
    expect([file, imported.filter((name) => !allowed.some((start) => name.startsWith(start)))]).toEqual([
      file,
      [],
    ]);
  }
  const help = await cli(["--help"]);
  expect(help).toMatchObject({ status: 0, out: expect.stringContaining("Examples:"), err: "" });
  const version = await cli(["--version"]);
  expect(version).toMatchObject({ status: 0, out: expect.stringMatching(/^\d+\.\d+\.\d+\n$/) });
  expect((await cli(["version"])).out).toBe(version.out);
  expect(await cli(["help", "domain"])).toMatchObject({
    status: 0,
    out: expect.stringContaining("wait [options]"),
  });
  expect(await cli(["no-such"])).toMatchObject({ status: 2, out: "" });
});

test("bash completes commands and the commands of each; zsh and fish get the same names", async () => {
  const { out, status } = await cli(["completion", "bash"]);
  expect(status).toBe(0);
  const complete = async (...words: string[]) => {
    const line = words.map((word) => `'${word}'`).join(" ");
    const ask = `COMP_WORDS=(${line}); COMP_CWORD=${words.length - 1}; _waxseal; echo "\${COMPREPLY[*]}"`;
    return (await promisify(execFile)("bash", ["-c", `${out}\n${ask}`])).stdout.trim();
  };
  expect(await complete("waxseal", "pol")).toBe("policy");
  expect(await complete("waxseal", "domain", "re")).toBe("restore remove");
  expect(await complete("waxseal", "domain", "show", "")).toBe("");
  const names = new Map([
    ["domain", ["add"]],
    ["check", []],
  ]);
  expect(formatCompletion("zsh", names)).toContain("bashcompinit");
  expect(formatCompletion("fish", names)).toContain('__fish_seen_subcommand_from domain" -a "add"');
  expect(await cli(["completion", "tcsh"])).toMatchObject({ status: 2 });
});
