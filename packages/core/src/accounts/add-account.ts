import type { Database, Organization } from "@waxseal/db";
import { type Actor, createContext } from "../context.ts";
import { insertAccount } from "./insert-account.ts";

type Input = { name: string; ownerUserId?: string | undefined; actor: Actor; at: Date };

/**
 * Makes an account, with its owner when there is one yet.
 * @throws AppError `invalid` – the name is empty or longer than 100 characters
 */
export async function addAccount(db: Database, { actor, at, ...input }: Input): Promise<Organization> {
  const ctx = createContext({ db, now: () => at }, "", actor);
  return ctx.inTransaction((transaction) => insertAccount(transaction, ctx, input));
}
