import { API_KEY_SCOPES, type ApiKeyScope } from "@waxseal/contract";
import { createContext } from "@waxseal/core";
import { type Command, Option } from "commander";
import { withInstallation } from "./open-installation.ts";
import { quotaCommands } from "./quota-commands.ts";
import { resetTwoFactorCommand } from "./reset-two-factor-command.ts";
import { retentionCommand } from "./retention-command.ts";
import type { Run } from "./run-cli.ts";

/** `user create`, `user reset-two-factor`, `account create`, `account retention`, quotas, suspension and `api-key create`. Sign-in is loaded only by commands that create a user. */
export function accountCommands(program: Command, run: Run): void {
  const user = program.command("user").description("people who sign in");
  resetTwoFactorCommand(user, run);
  user
    .command("create")
    .description("make a user who can sign in at once")
    .requiredOption("--email <email>")
    .requiredOption("--password <password>")
    .option("--name <name>")
    .action((options: { email: string; password: string; name?: string }) =>
      run((terminal) =>
        withInstallation(terminal, async (installation) => {
          const { createUser } = await import("@waxseal/core/accounts");
          const user = await createUser(installation, options);
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
  program
    .command("api-key")
    .description("keys for programs")
    .command("create")
    .description("make an API key; it is shown this once")
    .requiredOption("--account <id or name>")
    .requiredOption("--name <name>")
    .addOption(
      new Option(
        "--scope <scope>",
        "read: looks only; write: changes domains and policies; admin: everything",
      )
        .choices(API_KEY_SCOPES)
        .default("admin"),
    )
    .action((options: { account: string; name: string; scope: ApiKeyScope }) =>
      run((terminal) =>
        withInstallation(terminal, async (installation) => {
          const { createApiKey, findAccount, OPERATOR } = await import("@waxseal/core/accounts");
          const account = await findAccount(installation.db, options.account);
          const ctx = createContext(installation, account.id, OPERATOR);
          const { key, id, name, scope } = await createApiKey(ctx, options);
          return {
            json: { key, id, name, scope, account: account.id },
            text: `${JSON.stringify({ key })}\n`,
          };
        }),
      ),
    );
}
