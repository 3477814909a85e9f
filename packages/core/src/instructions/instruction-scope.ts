import { type Database, Prisma, type Transaction } from "@waxseal/db";
import { AppError } from "../app-error.ts";
import type { Context } from "../context.ts";

/** Which domains instructions are about, as seen from the account that gives them. */
export type InstructionScope = {
  accountId: string;
  /** That account or one of its customers; null: any of them. */
  subjectId: string | null;
  /** Empty: all domains of the subject. */
  domainIds: readonly string[];
  missingOnly: boolean;
};

/** What is asked for: a customer, some domains, this account's own, or with scope `customers` those of all customers too. */
export type InstructionWish = {
  accountId?: string | undefined;
  domainIds?: readonly string[] | undefined;
  only: "missing" | "all";
  scope?: "account" | "customers" | undefined;
};

/**
 * The scope that is asked for, once it is sure that this account may see all of it.
 * @throws AppError `not_found` – no such customer, or no such domain here or at a customer
 */
export async function chooseScope(ctx: Context, wish: InstructionWish): Promise<InstructionScope> {
  const { accountId, db } = ctx;
  const domainIds = [...new Set(wish.domainIds ?? [])];
  const subjectId = wish.accountId ?? (domainIds.length > 0 || wish.scope === "customers" ? null : accountId);
  const scope = { accountId, subjectId, domainIds, missingOnly: wish.only === "missing" };
  if (subjectId !== null && (await findSubject(db, scope)) === undefined) {
    throw new AppError("not_found", "There is no such customer.");
  }
  if (domainIds.length > 0) {
    const [found] = await db.$queryRaw<{ n: number }[]>`
      select count(*)::int as n from ${inScope(scope)}`;
    if (found?.n !== domainIds.length) throw new AppError("not_found", "There is no such domain.");
  }
  return scope;
}

/** Returns the account whose domains are in scope; undefined when there is none, or it is no longer a customer. */
export async function findSubject(
  db: Database | Transaction,
  { accountId, subjectId }: Pick<InstructionScope, "accountId" | "subjectId">,
): Promise<{ name: string } | undefined> {
  if (subjectId === null) return undefined;
  const account = await db.organization.findUnique({ where: { id: subjectId } });
  return account && (account.id === accountId || account.parentId === accountId) ? account : undefined;
}

/** For `from`: accounts `a` joined to the domains `d` in scope, of whatever status. */
export function inScope({
  accountId,
  subjectId,
  domainIds,
}: Pick<InstructionScope, "accountId" | "subjectId" | "domainIds">): Prisma.Sql {
  return Prisma.sql`account a join domain d on d.account_id = a.id
    and (a.id = ${accountId} or a.parent_id = ${accountId})
    and (${subjectId}::text is null or a.id = ${subjectId})
    and (${domainIds.length === 0} or d.id = any(${[...domainIds]}::uuid[]))`;
}
