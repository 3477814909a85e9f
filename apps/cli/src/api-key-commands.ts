import { API_KEY_SCOPES, type ApiKeyScope } from "@waxseal/contract";
import { type Command, InvalidArgumentError, Option } from "commander";
import { collectItems } from "./collect-items.ts";
import type { Run } from "./run-cli.ts";
import { ACCOUNT, type AccountOption, withApi } from "./with-api.ts";

type CreateOptions = AccountOption & { name: string; scope: ApiKeyScope; expiresInDays?: number };

/** `api-key list`, `create` and `revoke`. */
export function apiKeyCommands(program: Command, run: Run): void {
  const apiKey = program.command("api-key").description("keys for programs");
  apiKey
    .command("list")
    .description("the keys of an account and who made them, without their secret parts")
    .option(...ACCOUNT)
    .action((options: AccountOption) =>
      run((terminal) =>
        withApi(terminal, options, async (api) => {
          const items = await collectItems((cursor) => api.listApiKeys({ query: { cursor } }));
          const rows = items.map(
            ({ id, name, scope, createdBy }) =>
              `${id}  ${name}  ${scope}${createdBy ? `  made by ${createdBy.name}` : ""}\n`,
          );
          return { json: items, text: rows.join("") || "There are no API keys.\n" };
        }),
      ),
    );
  apiKey
    .command("revoke <id>")
    .description("end a key at once")
    .option(...ACCOUNT)
    .action((id: string, options: AccountOption) =>
      run((terminal) =>
        withApi(terminal, options, async (api) => {
          await api.deleteApiKey({ path: { id } });
          return { json: { id, revoked: true }, text: "The key is revoked.\n" };
        }),
      ),
    );
  apiKey
    .command("create")
    .description("make an API key; it is shown this once")
    .option(...ACCOUNT)
    .requiredOption("--name <name>")
    .option("--expires-in-days <days>", "1 to 3650; without it the key does not expire", parseDays)
    .addOption(
      new Option(
        "--scope <scope>",
        "read: looks only; onboard: customers and their domains; write: changes domains and policies; admin: everything",
      )
        .choices(API_KEY_SCOPES)
        .default("admin"),
    )
    .addHelpText("after", "\nExamples:\n  waxseal api-key create --name backup --scope read --json")
    .action(({ name, scope, expiresInDays, ...options }: CreateOptions) =>
      run((terminal) =>
        withApi(terminal, options, async (api) => {
          const made = await api.createApiKey({ body: { name, scope, expiresInDays } });
          const json = { key: made.key, id: made.id, name: made.name, scope: made.scope };
          return { json, text: `${JSON.stringify({ key: made.key })}\n` };
        }),
      ),
    );
}

function parseDays(text: string): number {
  if (!/^\d{1,4}$/.test(text)) throw new InvalidArgumentError("It must be a whole number of days.");
  return Number(text);
}
