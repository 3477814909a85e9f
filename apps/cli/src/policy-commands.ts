import { hostname } from "node:os";
import { DomainStatus, HealthFilter, type PolicyAssessmentView, PolicyMode } from "@waxseal/contract";
import type { Context } from "@waxseal/core";
import {
  type AssessDeps,
  assessPolicyChange,
  createAssessDeps,
  presentAssessment,
  presentPolicyVersion,
  readPolicyForDomain,
  setPolicy,
} from "@waxseal/core/policies";
import { createAddressGuard } from "@waxseal/probes";
import { type Command, Option } from "commander";
import type { z } from "zod";
import { changeManyPolicies, type ManyOptions } from "./change-many-policies.ts";
import { loadProbing } from "./open-installation.ts";
import { parseCount, parseSeconds } from "./parse-seconds.ts";
import type { Run } from "./run-cli.ts";
import type { Terminal } from "./terminal.ts";
import { type AccountOption, getNamedDomain, withAccount } from "./with-account.ts";

type PolicyOptions = AccountOption & { mode: string; mx?: string[]; maxAge?: number };
type SetOptions = PolicyOptions & { acknowledge?: string[]; confirm?: string; strict?: true };

/** `policy set`, `policy check` and `policy set-many`. What is not given stays as in the newest version. */
export function policyCommands(program: Command, run: Run): void {
  const policy = program.command("policy").description("the policy that senders follow");
  const command = (name: string, description: string) =>
    policy
      .command(`${name} <domain>`)
      .description(description)
      .requiredOption("--mode <mode>", "enforce, testing or none")
      .option("--mx <host...>", "MX hosts or *.patterns; default: as they are")
      .option("--max-age <seconds>", "how long senders cache it; default: as it is", parseSeconds)
      .option("--account <id or name>", "the account; needed when there are several");

  command("set", "publish a policy (RFC 8461 §3.2); enforce is refused while mail could be held back")
    .option("--acknowledge <code...>", "enforce although this reason stops it")
    .option("--confirm <domain>", "the domain again, when something is acknowledged")
    .option("--strict", "always the case; kept for old scripts")
    .action((name: string, options: SetOptions) =>
      run((terminal) =>
        withAccount(terminal, options, async (ctx) => {
          const { input, domain } = await readInput(ctx, name, options);
          const { acknowledge, confirm: confirmDomain } = options;
          const version = await setPolicy(
            ctx,
            { ...input, acknowledge, confirmDomain },
            openInterlock(terminal, ctx),
          );
          const view = presentPolicyVersion(version, undefined);
          const text = `Version ${view.version} of ${domain} is being published with id ${view.policyId}:\n${view.body.replaceAll("\r\n", "\n")}`;
          return { json: view, text };
        }),
      ),
    );
  command("check", "look whether mail would be held back by a policy; exits 1 when it would").action(
    (name: string, options: PolicyOptions) =>
      run((terminal) =>
        withAccount(terminal, options, async (ctx) => {
          const { input, domain } = await readInput(ctx, name, options);
          const wanted = await readPolicyForDomain(ctx, input);
          const { domainId } = input;
          const assessment = await assessPolicyChange(
            ctx,
            { domainId, policy: wanted },
            openInterlock(terminal, ctx),
          );
          const view = presentAssessment(assessment);
          return { json: view, text: formatAssessment(domain, view), failed: view.verdict === "stop" };
        }),
      ),
  );
  manyCommand(policy, run);
}

function manyCommand(policy: Command, run: Run): void {
  policy
    .command("set-many")
    .description(
      "change the policies of all domains that match, also of customers; only says what would happen, without --confirm",
    )
    .addOption(new Option("--mode <mode>").choices(PolicyMode.options))
    .option("--max-age <seconds>", "how long senders cache it", parseSeconds)
    .option("--add-mx <host...>", "MX hosts or *.patterns to allow")
    .option("--remove-mx <host...>", "MX hosts or *.patterns to allow no longer")
    .option("-q, --query <text>", "only domains with this in their name or their customer's")
    .option("--tag <tag>", "only domains with this tag")
    .addOption(new Option("--health <health>", "only these").choices(HealthFilter.options))
    .addOption(new Option("--status <status>", "only these").choices(DomainStatus.options))
    .option("--all", "every domain of the account and its customers")
    .option("--confirm <number>", "change them, if so many policies would be changed", parseCount)
    .option("--account <id or name>", "the account; needed when there are several")
    .action((options: ManyOptions & AccountOption) =>
      run((terminal) =>
        withAccount(terminal, options, (ctx) =>
          changeManyPolicies(ctx, options, openInterlock(terminal, ctx)),
        ),
      ),
    );
}

async function readInput(ctx: Context, name: string, options: PolicyOptions) {
  const { id: domainId, domain } = await getNamedDomain(ctx, name);
  const newest = await ctx.db.policyVersion.findFirst({
    where: { accountId: ctx.accountId, domainId },
    orderBy: { version: "desc" },
  });
  const input = {
    domainId,
    mode: options.mode,
    mx: options.mx ?? newest?.mx ?? [],
    maxAgeSeconds: options.maxAge ?? newest?.maxAgeSeconds ?? 0,
  };
  return { input, domain };
}

function openInterlock(terminal: Terminal, { db }: Context): AssessDeps {
  const { resolver, dnsServers, smtpPort: port, allowPrivate, caPem } = loadProbing(terminal);
  const guard = createAddressGuard({ allowPrivate });
  return createAssessDeps({ db, resolver, dnsServers, guard, caPem, port, heloName: hostname() });
}

function formatAssessment(
  domain: string,
  { verdict, reasons }: z.infer<typeof PolicyAssessmentView>,
): string {
  const lines = reasons.map(({ code, level, text }) => `  ${level.padEnd(6)}  ${code}: ${text}`);
  return `${[`${domain}: ${verdict}`, ...lines].join("\n")}\n`;
}
