import { presentPolicyVersion, setPolicy } from "@waxseal/core/policies";
import { type Command, InvalidArgumentError } from "commander";
import type { Run } from "./run-cli.ts";
import { type AccountOption, getNamedDomain, withAccount } from "./with-account.ts";

type Options = AccountOption & { mode: string; mx?: string[]; maxAge?: number; strict?: true };

/** `policy set`. What is not given stays as in the newest version. */
export function policyCommands(program: Command, run: Run): void {
  program
    .command("policy")
    .description("what senders are told to do")
    .command("set <domain>")
    .description("publish a policy (RFC 8461 §3.2)")
    .requiredOption("--mode <mode>", "enforce, testing or none")
    .option("--mx <host...>", "MX hosts or *.patterns; default: as they are")
    .option("--max-age <seconds>", "how long senders keep it; default: as it is", parseSeconds)
    .option("--strict", "refuse to enforce while an MX host is not in the policy")
    .option("--account <id or name>", "the account; needed when there are several")
    .action((name: string, options: Options) =>
      run((terminal) =>
        withAccount(terminal, options, async (ctx) => {
          const { id: domainId, domain } = await getNamedDomain(ctx, name);
          const newest = await ctx.db.policyVersion.findFirst({
            where: { accountId: ctx.accountId, domainId },
            orderBy: { version: "desc" },
          });
          const version = await setPolicy(ctx, {
            domainId,
            mode: options.mode,
            mx: options.mx ?? newest?.mx ?? [],
            maxAgeSeconds: options.maxAge ?? newest?.maxAgeSeconds ?? 0,
            acknowledgeUncovered: !options.strict,
          });
          const view = presentPolicyVersion(version, undefined);
          const text = `Version ${view.version} of ${domain} is being published with id ${view.policyId}:\n${view.body.replaceAll("\r\n", "\n")}`;
          return { json: view, text };
        }),
      ),
    );
}

function parseSeconds(text: string): number {
  if (!/^\d{1,15}$/.test(text)) throw new InvalidArgumentError("It must be a whole number of seconds.");
  return Number(text);
}
