import type { Answer } from "@waxseal/client";
import { DomainStatus, HealthFilter, PolicyMode, UNSAFE_CODES } from "@waxseal/contract";
import { type Command, Option } from "commander";
import type { z } from "zod";
import { changeManyPolicies, type ManyOptions } from "./change-many-policies.ts";
import type { CustomerApi } from "./customer-api.ts";
import { parseCount, parseSeconds } from "./parse-seconds.ts";
import type { Run } from "./run-cli.ts";
import { ACCOUNT, type AccountOption, findNamedDomain, withApi } from "./with-api.ts";

type PolicyOptions = AccountOption & { mode: z.infer<typeof PolicyMode>; mx?: string[]; maxAge?: number };
type SetOptions = PolicyOptions & {
  acknowledge?: (typeof UNSAFE_CODES)[number][];
  confirm?: string;
  strict?: true;
};

/** `policy set`, `policy check` and `policy set-many`. What is not given stays as in the newest version. */
export function policyCommands(program: Command, run: Run): void {
  const policy = program.command("policy").description("the policy that senders follow");
  const command = (name: string, description: string) =>
    policy
      .command(`${name} <domain>`)
      .description(description)
      .addOption(new Option("--mode <mode>").choices(PolicyMode.options).makeOptionMandatory())
      .option("--mx <host...>", "MX hosts or *.patterns; default: as they are")
      .option("--max-age <seconds>", "how long senders cache it; default: as it is", parseSeconds)
      .option(...ACCOUNT);

  command("set", "publish a policy (RFC 8461 §3.2); enforce is refused while mail could be held back")
    .addOption(
      new Option("--acknowledge <code...>", "enforce although this reason stops it").choices(UNSAFE_CODES),
    )
    .option("--confirm <domain>", "the domain again, when something is acknowledged")
    .option("--strict", "always the case; kept for old scripts")
    .addHelpText(
      "after",
      "\nExamples:\n  waxseal policy set example.com --mode testing --mx mx1.example.com --max-age 604800\n  waxseal policy set example.com --mode enforce",
    )
    .action((name: string, options: SetOptions) =>
      run((terminal) =>
        withApi(terminal, options, async (api) => {
          const { path, domain, body } = await readInput(api, name, options);
          const { acknowledge, confirm: confirmDomain } = options;
          const view = await api.setDomainPolicy({
            path,
            body: { ...body, acknowledge: acknowledge, confirmDomain },
          });
          const text = `Version ${view.version} of ${domain} is being published with id ${view.policyId}:\n${view.body.replaceAll("\r\n", "\n")}`;
          return { json: view, text };
        }),
      ),
    );
  command("check", "look whether mail would be held back by a policy; exits 1 when it would").action(
    (name: string, options: PolicyOptions) =>
      run((terminal) =>
        withApi(terminal, options, async (api) => {
          const { path, domain, body } = await readInput(api, name, options);
          const view = await api.assessDomainPolicy({ path, body });
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
    .option(
      "--confirm <number>",
      "change them if exactly this number of policies would be changed",
      parseCount,
    )
    .option(...ACCOUNT)
    .addHelpText(
      "after",
      "\nExamples:\n  waxseal policy set-many --tag gold --mode enforce\n  waxseal policy set-many --all --max-age 1209600 --confirm 120",
    )
    .action((options: ManyOptions & AccountOption) =>
      run((terminal) => withApi(terminal, options, (api) => changeManyPolicies(api, options))),
    );
}

async function readInput(api: CustomerApi, name: string, { mode, mx, maxAge }: PolicyOptions) {
  const { id } = await findNamedDomain(api, name);
  const { domain, policy } = await api.getDomain({ path: { id } });
  const body = { mode, mx: mx ?? policy?.mx ?? [], maxAgeSeconds: maxAge ?? policy?.maxAgeSeconds ?? 0 };
  return { path: { id }, domain, body };
}

function formatAssessment(domain: string, { verdict, reasons }: Answer<"assessDomainPolicy">): string {
  const lines = reasons.map(({ code, level, text }) => `  ${level.padEnd(6)}  ${code}: ${text}`);
  return `${[`${domain}: ${verdict}`, ...lines].join("\n")}\n`;
}
