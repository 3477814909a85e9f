import type { Database, Organization } from "@waxseal/db";
import { AppError } from "../app-error.ts";

/**
 * The account an operator names by id or by name; without a name, the only one there is.
 * @throws AppError `not_found` – none; `conflict` – several bear the name, or none was named and there are several
 */
export async function findAccount(db: Database, idOrName?: string): Promise<Organization> {
  const found = await db.organization.findMany({
    ...(idOrName === undefined ? {} : { where: { OR: [{ id: idOrName }, { name: idOrName }] } }),
    orderBy: [{ createdAt: "asc" }, { id: "asc" }],
    take: 20,
  });
  const [account] = found;
  if (!account) {
    throw new AppError(
      "not_found",
      idOrName === undefined ? "There is no account yet." : `There is no account "${idOrName}".`,
    );
  }
  if (found.length > 1) {
    const names = found.map(({ id, name }) => `${name} (${id})`).join(", ");
    throw new AppError("conflict", `Which account? There are several: ${names}.`, {
      reason: "account_ambiguous",
    });
  }
  return account;
}
