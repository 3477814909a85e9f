import { type Context, createContext } from "@waxseal/core";
import { findAccount, OPERATOR } from "@waxseal/core/accounts";
import { type Installation, withInstallation } from "./open-installation.ts";
import type { Terminal } from "./terminal.ts";
import type { AccountOption } from "./with-api.ts";

/** Does the work on the database, in the named account or in the only one there is. */
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
