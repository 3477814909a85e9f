import { AppError } from "../app-error.ts";
import type { ContextSource } from "../context.ts";
import { addAccount } from "./add-account.ts";
import { OPERATOR } from "./operator.ts";

/**
 * Makes an account for an operator; `ownerEmail` names an existing user who becomes its owner.
 * @throws AppError `invalid` – bad name; `not_found` – no user with that address
 */
export async function createAccount(
  source: ContextSource,
  input: { name: string; ownerEmail?: string | undefined },
): Promise<{ id: string; name: string; owner: string | null }> {
  const owner =
    input.ownerEmail === undefined
      ? undefined
      : await source.db.user.findUnique({ where: { email: input.ownerEmail.trim().toLowerCase() } });
  if (owner === null) throw new AppError("not_found", `There is no user ${input.ownerEmail}.`);
  const account = await addAccount(source.db, {
    name: input.name,
    ownerUserId: owner?.id,
    actor: OPERATOR,
    at: source.now(),
  });
  return { id: account.id, name: account.name, owner: owner?.email ?? null };
}
