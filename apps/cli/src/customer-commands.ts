import type { Command } from "commander";
import { collectItems } from "./collect-items.ts";
import type { Run } from "./run-cli.ts";
import { type AccountOption, withApi } from "./with-api.ts";

const PROVIDER = ["--account <id or name>", "the provider; needed when there are several accounts"] as const;

/** `customer list`, `customer add` and `customer change`. */
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
  changeCommand(customer, run);
}

type Change = AccountOption & { name?: string; externalId?: string };

function changeCommand(customer: Command, run: Run): void {
  customer
    .command("change <id>")
    .description("rename a customer, or give it another external id; what is not named stays")
    .option("--name <name>")
    .option("--external-id <id>", "your own name for it; empty takes it away")
    .option(...PROVIDER)
    .addHelpText("after", "\nExamples:\n  waxseal customer change 4XkPq7bR --external-id 4711")
    .action((id: string, { name, externalId, ...options }: Change) =>
      run((terminal) =>
        withApi(terminal, options, async (api) => {
          const body = { name, externalId: externalId === "" ? null : externalId };
          const json = await api.updateCustomer({ path: { id }, body });
          const known = json.externalId ? ` (${json.externalId})` : "";
          return { json, text: `The customer is ${json.name}${known} now.\n` };
        }),
      ),
    );
}
