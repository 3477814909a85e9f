import { createCustomer } from "@waxseal/core/accounts";
import { listCustomers } from "@waxseal/core/portfolio";
import type { Command } from "commander";
import type { Run } from "./run-cli.ts";
import { type AccountOption, withAccount } from "./with-account.ts";

const ACCOUNT = ["--account <id or name>", "the provider; needed when there are several accounts"] as const;

/** `customer list` and `customer add`. */
export function customerCommands(program: Command, run: Run): void {
  const customer = program.command("customer").description("accounts that an account manages");
  customer
    .command("list")
    .description("the customers, those that need attention first")
    .option(...ACCOUNT)
    .action((options: AccountOption) =>
      run((terminal) =>
        withAccount(terminal, options, async (ctx) => {
          const { items } = await listCustomers(ctx, {});
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
    .option(...ACCOUNT)
    .action((name: string, options: AccountOption & { externalId?: string }) =>
      run((terminal) =>
        withAccount(terminal, options, async (ctx) => {
          const { customer: made, isNew } = await createCustomer(ctx, {
            name,
            externalId: options.externalId,
          });
          const json = { id: made.id, name: made.name, externalId: made.externalId, isNew };
          return { json, text: `${made.name} ${isNew ? "is made" : "was there already"}: ${made.id}\n` };
        }),
      ),
    );
}
