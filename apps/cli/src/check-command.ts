import { hostname } from "node:os";
import type { CheckView } from "@waxseal/contract";
import { AppError } from "@waxseal/core";
import { presentInspection } from "@waxseal/core/domain-views";
import { normalizeDomainInput } from "@waxseal/core/domains";
import { createAddressGuard, inspectDomain } from "@waxseal/probes";
import type { Command } from "commander";
import type { z } from "zod";
import { loadProbing } from "./open-installation.ts";
import type { Run } from "./run-cli.ts";

/** `check`: any domain from outside, no account needed. Exit status 1 on the verdict "error", unless `--exit-zero`. */
export function checkCommand(program: Command, run: Run): void {
  program
    .command("check <domain>")
    .description("check the MTA-STS, TLS-RPT and MX set-up of any domain from outside")
    .option("--exit-zero", "exit with status 0 also when the verdict is error")
    .action((name: string, { exitZero = false }: { exitZero?: boolean }) =>
      run(async (terminal) => {
        const input = normalizeDomainInput(name);
        if (!input.ok) throw new AppError("invalid", input.problem);
        const { allowPrivate, ...probing } = loadProbing(terminal);
        const inspection = await inspectDomain({
          ...probing,
          domain: input.domain,
          guard: createAddressGuard({ allowPrivate }),
          heloName: hostname(),
          now: terminal.now,
        });
        const view = presentInspection(inspection);
        return { json: view, text: formatCheck(view), failed: view.verdict === "error" && !exitZero };
      }),
    );
}

function formatCheck(view: z.infer<typeof CheckView>): string {
  const findings = view.findings.flatMap(({ severity, message, fix, rfc }) => [
    `  ${severity.padEnd(7)}  ${message}${rfc ? `  [${rfc}]` : ""}`,
    ...(fix ? [`           ${fix}`] : []),
  ]);
  const lines = [`${view.domain}: ${view.verdict}`, "", ...findings, ...formatToPublish(view.toPublish)];
  return `${lines.join("\n")}\n`;
}

function formatToPublish({ records, policy }: z.infer<typeof CheckView>["toPublish"]): string[] {
  return [
    ...(records.length > 0 ? ["", "Publish in DNS:"] : []),
    ...records.flatMap(({ line, reason }) => ["", `  ${reason}`, `  ${line}`]),
    ...(policy ? ["", `Publish at ${policy.url}:`, "", `  ${policy.reason}`, ""] : []),
    ...(policy ? policy.body.trimEnd().split("\r\n") : []).map((line) => `  ${line}`),
  ];
}
