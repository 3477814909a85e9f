import type { Command } from "commander";
import { collectItems } from "./collect-items.ts";
import type { Run } from "./run-cli.ts";
import { type AccountOption, withApi } from "./with-api.ts";

const PROVIDER = ["--account <id or name>", "the provider; needed when there are several accounts"] as const;

/** `customer list` and `customer add`. */
export function customerCommands(program: Command, run: Run): void {
  const customer = program.command("customer").description("accounts that an account manages");
  customer
    .command("list")
    .description("the customers, those that need attention first")
    .option("-q, --query <text>", "part of the name, or of one of the domains")
    .option(...PROVIDER)
    .action(({ query: q, ...options }: AccountOption & { query?: string }) =>
      run((terminal) =>
        withApi(terminal, options, async (api) => {
          const items = await collectItems((cursor) => api.listCustomers({ query: { q, cursor } }));
          const rows = items.map(
            ({ id, name, externalId, domains }) =>
              `${id}  ${name}${externalId ? ` (${externalId})` : ""}  ${domains} domains\n`,
          );
          return { json: items, text: rows.join("") || "There are no customers yet.\n" };
        }),
      ),
    );
  customer
    .command("add <name>")
    .description("make a customer; with --external-id it can be repeated")
    .option("--external-id <id>", "your own name for it, such as its number in your CRM")
    .option(...PROVIDER)
    .addHelpText("after", "\nExamples:\n  waxseal customer add 'Corner Bakery' --external-id 4711")
    .action((name: string, { externalId, ...options }: AccountOption & { externalId?: string }) =>
      run((terminal) =>
        withApi(terminal, options, async (api) => {
          const known = externalId ? (await api.listCustomers({ query: { externalId } })).items : [];
          const made = await api.createCustomer({ body: { name, externalId } });
          const isNew = !known.some(({ id }) => id === made.id);
          const json = { id: made.id, name: made.name, externalId: made.externalId, isNew };
          return { json, text: `${made.name} ${isNew ? "is made" : "was there already"}: ${made.id}\n` };
        }),
      ),
    );
}
