import { AppError, type Context, createContext } from "@waxseal/core";
import { findAccount, OPERATOR } from "@waxseal/core/accounts";
import { findDomain, normalizeDomainInput } from "@waxseal/core/domains";
import type { Domain } from "@waxseal/db";
import { type Installation, withInstallation } from "./open-installation.ts";
import type { Terminal } from "./terminal.ts";

/** Options of every command that works in one account. */
export type AccountOption = { account?: string };

/** Does the work in the named account, or in the only one there is. */
export async function withAccount<T>(
  terminal: Terminal,
  options: AccountOption,
  work: (ctx: Context, installation: Installation) => Promise<T>,
): Promise<T> {
  return withInstallation(terminal, async (installation) => {
    const account = await findAccount(installation.db, options.account);
    return work(createContext(installation, account.id, OPERATOR), installation);
  });
}

/**
 * The account's domain as named on the command line: as one types it, or by its id.
 * @throws AppError `not_found`
 */
export async function getNamedDomain(ctx: Context, name: string): Promise<Domain> {
  const input = normalizeDomainInput(name);
  const domain = await findDomain(ctx, input.ok ? input.domain : name);
  if (!domain) throw new AppError("not_found", `There is no domain ${name} in this account.`);
  return domain;
}
