import type { AccountQuota } from "@waxseal/core/accounts";
import { AppError } from "@waxseal/core/app-error";
import type { Command } from "commander";
import { withInstallation } from "./open-installation.ts";
import type { Run } from "./run-cli.ts";

type QuotaOptions = { account: string; domains?: string; members?: string; reportsADay?: string };

/** `account quota`, `account suspend` and `account resume`. */
export function quotaCommands(account: Command, run: Run): void {
  account
    .command("quota")
    .description("what an account may have at most; without a number: what it is")
    .requiredOption("--account <id or name>")
    .option("--domains <number>", "domains that have not left; none: as every account")
    .option("--members <number>", "members and open invitations; none: as every account")
    .option("--reports-a-day <number>", "reports received in a day (UTC); none: no limit")
    .action((options: QuotaOptions) =>
      run((terminal) =>
        withInstallation(terminal, async ({ db }) => {
          const { findAccount, setAccountQuota } = await import("@waxseal/core/accounts");
          const { id, name } = await findAccount(db, options.account);
          const quota = await setAccountQuota(db, id, {
            ...readNumber("domains", options.domains),
            ...readNumber("members", options.members),
            ...readNumber("reportsADay", options.reportsADay),
          });
          return { json: { account: id, ...presentQuota(quota) }, text: describeQuota(name, quota) };
        }),
      ),
    );
  account
    .command("suspend")
    .description("let no one work in an account; its policies are still served and its reports taken")
    .requiredOption("--account <id or name>")
    .requiredOption("--reason <text>", "shown to its members")
    .action((options: { account: string; reason: string }) =>
      run((terminal) =>
        withInstallation(terminal, async (installation) => {
          const { findAccount, suspendAccount } = await import("@waxseal/core/accounts");
          const { id, name } = await findAccount(installation.db, options.account);
          await suspendAccount(installation, id, options.reason);
          return {
            json: { account: id, suspended: true },
            text: `${name} is suspended. Its policies are still served.\n`,
          };
        }),
      ),
    );
  account
    .command("resume")
    .description("let people work in a suspended account again")
    .requiredOption("--account <id or name>")
    .action((options: { account: string }) =>
      run((terminal) =>
        withInstallation(terminal, async ({ db }) => {
          const { findAccount, resumeAccount } = await import("@waxseal/core/accounts");
          const { id, name } = await findAccount(db, options.account);
          await resumeAccount(db, id);
          return { json: { account: id, suspended: false }, text: `${name} is no longer suspended.\n` };
        }),
      ),
    );
}

function readNumber(name: string, text: string | undefined): Record<string, number | null> {
  if (text === undefined) return {};
  if (text === "none") return { [name]: null };
  if (!/^\d{1,9}$/.test(text)) throw new AppError("invalid", "A quota is a whole number, or none.");
  return { [name]: Number(text) };
}

function presentQuota({ domains, members, reportsADay }: AccountQuota) {
  return { domains: domains ?? null, members: members ?? null, reportsADay: reportsADay ?? null };
}

function describeQuota(name: string, { domains, members, reportsADay }: AccountQuota): string {
  const say = (most: number | undefined, noun: string) => `${most ?? "as every account"} ${noun}`;
  const lines = [say(domains, "domains"), say(members, "members"), say(reportsADay, "reports a day")];
  return `${name} at most: ${lines.join(", ").replaceAll(/as every account (domains|members|reports a day)/g, "$1 as every account")}.\n`;
}
