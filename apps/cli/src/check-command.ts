import type { Schemas } from "@waxseal/client";
import type { Command } from "commander";
import { findRemote } from "./find-remote.ts";
import type { Run } from "./run-cli.ts";
import { openClient } from "./with-api.ts";

/** `check`: any domain from outside, no account needed: from the server that is named, else from here. Exit status 1 on the verdict "error", unless `--exit-zero`. */
export function checkCommand(program: Command, run: Run): void {
  program
    .command("check <domain>")
    .description("check the MTA-STS, TLS-RPT and MX set-up of any domain from outside")
    .option("--exit-zero", "exit with status 0 also when the verdict is error")
    .action((name: string, { exitZero = false }: { exitZero?: boolean }) =>
      run(async (terminal) => {
        const remote = await findRemote(terminal);
        const view = remote
          ? await openClient(terminal, remote).getCheck({ query: { domain: name } })
          : await (await import("./check-from-here.ts")).checkFromHere(terminal, name);
        return { json: view, text: formatCheck(view), failed: view.verdict === "error" && !exitZero };
      }),
    );
}

function formatCheck(view: Schemas["Check"]): string {
  const findings = view.findings.flatMap(({ severity, message, fix, rfc }) => [
    `  ${severity.padEnd(7)}  ${message}${rfc ? `  [${rfc}]` : ""}`,
    ...(fix ? [`           ${fix}`] : []),
  ]);
  const lines = [`${view.domain}: ${view.verdict}`, "", ...findings, ...formatToPublish(view.toPublish)];
  return `${lines.join("\n")}\n`;
}

function formatToPublish({ records, policy }: Schemas["Check"]["toPublish"]): string[] {
  return [
    ...(records.length > 0 ? ["", "Publish in DNS:"] : []),
    ...records.flatMap(({ line, reason }) => ["", `  ${reason}`, `  ${line}`]),
    ...(policy ? ["", `Publish at ${policy.url}:`, "", `  ${policy.reason}`, ""] : []),
    ...(policy ? policy.body.trimEnd().split("\r\n") : []).map((line) => `  ${line}`),
  ];
}
