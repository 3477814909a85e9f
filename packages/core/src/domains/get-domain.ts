import type { Database, Domain, Transaction } from "@waxseal/db";
import { AppError } from "../app-error.ts";

/**
 * A domain of this account.
 * @throws AppError `not_found` – there is none, or it belongs to another account
 */
export async function getDomain(
  db: Database | Transaction,
  accountId: string,
  domainId: string,
): Promise<Domain> {
  // What is no UUID cannot be the id of anything; Postgres would call it an error.
  const domain = isUuid(domainId)
    ? await db.domain.findUnique({ where: { accountId_id: { accountId, id: domainId } } })
    : null;
  if (!domain) throw new AppError("not_found", "There is no such domain.");
  return domain;
}

/**
 * The same, locked until the end of the transaction: what is decided from it stays true.
 * @throws AppError `not_found` – there is none, or it belongs to another account
 */
export async function lockDomain(db: Transaction, accountId: string, domainId: string): Promise<Domain> {
  if (isUuid(domainId)) {
    await db.$queryRaw`
      select 1 from domain where account_id = ${accountId} and id = ${domainId}::uuid for update`;
  }
  return getDomain(db, accountId, domainId);
}

function isUuid(text: string): boolean {
  return /^[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}$/i.test(text);
}
