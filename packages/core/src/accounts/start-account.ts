import { AppError } from "../app-error.ts";
import { type ContextSource, createContext } from "../context.ts";
import { insertAccount } from "./insert-account.ts";
import { lockUser } from "./lock-user.ts";
import type { Person } from "./person.ts";
import { refuseSso } from "./refuse-sso.ts";

const MAX_OWNED = 10;

/**
 * Makes a new account that the person owns and works in from then on.
 * @throws AppError `invalid` – bad name; `forbidden` – by single sign-on; `limit_reached` – they own ten accounts
 */
export async function startAccount(
  source: ContextSource,
  person: Person,
  input: { name: string },
): Promise<{ accountId: string }> {
  refuseSso(person);
  const actor = { kind: "user", id: person.id, name: person.name } as const;
  const ctx = createContext(source, "", actor);
  return ctx.inTransaction(async (db) => {
    await lockUser(db, person.id);
    if ((await db.member.count({ where: { userId: person.id, role: "owner" } })) >= MAX_OWNED)
      throw new AppError("limit_reached", `A person owns at most ${MAX_OWNED} accounts.`, {
        reason: "too_many_objects",
      });
    const { id } = await insertAccount(db, ctx, { name: input.name, ownerUserId: person.id });
    await db.user.update({ where: { id: person.id }, data: { lastAccountId: id } });
    await db.session.updateMany({ where: { id: person.sessionId }, data: { activeOrganizationId: id } });
    return { accountId: id };
  });
}
