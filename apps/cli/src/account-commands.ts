import type { Command } from "commander";
import { apiKeyCommands } from "./api-key-commands.ts";
import { withInstallation } from "./open-installation.ts";
import { quotaCommands } from "./quota-commands.ts";
import { readPassword } from "./read-password.ts";
import { resetTwoFactorCommand } from "./reset-two-factor-command.ts";
import { retentionCommand } from "./retention-command.ts";
import type { Run } from "./run-cli.ts";

type NewUserOptions = { email: string; password?: string; passwordFile?: string; name?: string };

/** `user create`, `user reset-two-factor`, `account create`, `account retention`, quotas, suspension and `api-key create`. Sign-in is loaded only by commands that create a user. */
export function accountCommands(program: Command, run: Run): void {
  const user = program.command("user").description("people who sign in");
  resetTwoFactorCommand(user, run);
  user
    .command("list")
    .description("everyone who can sign in")
    .action(() =>
      run((terminal) =>
        withInstallation(terminal, async (installation) => {
          const { listUsers } = await import("@waxseal/core/accounts");
          const users = await listUsers(installation);
          return { json: users, text: users.map(({ email, name }) => `${email}  ${name}\n`).join("") };
        }),
      ),
    );
  user
    .command("create")
    .description("make a user who can sign in at once")
    .requiredOption("--email <email>")
    .option("--password <password>", "seen by other users of this machine: better one of the others")
    .option("--password-file <path>", "a file with the password on its first line, - for standard input")
    .option("--name <name>")
    .addHelpText(
      "after",
      "\nWithout a password it is asked for. Examples:\n  waxseal user create --email you@example.com\n  waxseal user create --email you@example.com --password-file -  < password.txt",
    )
    .action((options: NewUserOptions) =>
      run((terminal) =>
        withInstallation(terminal, async (installation) => {
          const { createUser } = await import("@waxseal/core/accounts");
          const password = await readPassword(terminal, options);
          const user = await createUser(installation, { ...options, password });
          return { json: user, text: `${user.email} can sign in now.\n` };
        }),
      ),
    );
  const account = program.command("account").description("accounts, which own domains");
  retentionCommand(account, run);
  quotaCommands(account, run);
  account
    .command("create")
    .description("make an account")
    .requiredOption("--name <name>")
    .option("--owner <email>", "a user who becomes its owner")
    .action((options: { name: string; owner?: string }) =>
      run((terminal) =>
        withInstallation(terminal, async (installation) => {
          const { createAccount } = await import("@waxseal/core/accounts");
          const account = await createAccount(installation, {
            name: options.name,
            ownerEmail: options.owner,
          });
          return { json: account, text: `Account ${account.name} is made: ${account.id}\n` };
        }),
      ),
    );
  account
    .command("list")
    .description("every account of this installation")
    .action(() =>
      run((terminal) =>
        withInstallation(terminal, async (installation) => {
          const { listAccounts } = await import("@waxseal/core/accounts");
          const accounts = await listAccounts(installation);
          const rows = accounts.map(
            ({ id, name, provider }) => `${id}  ${name}${provider ? `, customer of ${provider}` : ""}\n`,
          );
          return { json: accounts, text: rows.join("") || "There is no account yet.\n" };
        }),
      ),
    );
  apiKeyCommands(program, run);
}
