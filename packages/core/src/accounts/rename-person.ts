import { AppError } from "../app-error.ts";
import type { ContextSource } from "../context.ts";
import type { Person } from "./person.ts";
import { readPersonName } from "./read-person-name.ts";
import { refuseSso } from "./refuse-sso.ts";

/**
 * Gives a person another name, in every account they belong to. What they did before keeps the name it was done under.
 * @throws AppError `invalid` – no name, or one of more than 100 characters; `forbidden` – by single sign-on;
 *   `not_found` – the person was deleted
 */
export async function renamePerson(
  { db }: ContextSource,
  person: Person,
  input: { name: string },
): Promise<void> {
  refuseSso(person);
  const name = readPersonName(input.name);
  if (name === undefined) {
    const problem = "Enter your name, with at most 100 characters.";
    throw new AppError("invalid", problem, { fields: [{ path: "name", problem }] });
  }
  const { count } = await db.user.updateMany({ where: { id: person.id }, data: { name } });
  if (count === 0) throw new AppError("not_found", "This sign-in was deleted.");
}
