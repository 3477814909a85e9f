import { randomUUID } from "node:crypto";
import { readRole } from "@waxseal/contract";
import { isUniqueViolation, type Transaction, type User } from "@waxseal/db";
import { claimMailbox } from "../accounts/claim-mailbox.ts";
import { readPersonName } from "../accounts/read-person-name.ts";
import { AppError } from "../app-error.ts";
import { type ContextSource, createContext } from "../context.ts";
import { lockAccount } from "../lock-account.ts";
import { recordEvent } from "../record-event.ts";
import type { Identity } from "./read-identity.ts";
import { SsoProblem } from "./sso-problem.ts";

type Admission = { accountId: string; identity: Identity };

/**
 * Returns the user whom an account's identity provider has signed in: found by subject, the first time by address.
 *
 * It admits only members and invited people. It accepts an open invitation, and creates the user when there is none. The address must be in
 * a domain that the caller has verified to be the account's.
 *
 * @throws AppError `forbidden` – neither member nor invited, or the address now belongs to another subject; `conflict` – twice at once
 */
export async function admitPerson(source: ContextSource, admission: Admission): Promise<User> {
  const { accountId } = admission;
  const ctx = createContext(source, accountId, { kind: "job", id: "sso", name: "Waxseal" });
  try {
    return await ctx.inTransaction(async (db) => {
      await lockAccount(db, accountId);
      return admit(db, source, admission);
    });
  } catch (cause) {
    if (!isUniqueViolation(cause)) throw cause;
    throw new AppError("conflict", "You are signing in twice at once. Try again.", {
      reason: "sign_in_under_way",
      cause,
    });
  }
}

async function admit(
  db: Transaction,
  source: ContextSource,
  { accountId, identity }: Admission,
): Promise<User> {
  const { subject, email } = identity;
  const at = source.now();
  const known = await db.ssoIdentity.findUnique({
    where: { accountId_subject: { accountId, subject } },
    include: { user: true },
  });
  const found = known?.user ?? (await db.user.findUnique({ where: { email } }));
  const userId = found?.id ?? "";
  const isMember = (await db.member.count({ where: { organizationId: accountId, userId } })) > 0;
  const invitation = await db.invitation.findFirst({
    where: {
      organizationId: accountId,
      email: found?.email ?? email,
      status: "pending",
      expiresAt: { gt: at },
    },
  });
  if (!isMember && !invitation)
    throw new AppError(
      "forbidden",
      "You are not a member of this account. Ask an owner or admin to invite you.",
      { reason: "not_invited" },
    );
  if (!known && (await db.ssoIdentity.count({ where: { accountId, userId } })) > 0)
    throw new SsoProblem(
      "otherPerson",
      `It knows ${email} by another subject than before. Remove them from the account and invite them again.`,
    );
  const user = found ? await claimMailbox(db, found) : await createPerson(db, identity, at);
  if (!isMember && invitation) {
    const role = readRole(invitation.role);
    await db.invitation.update({ where: { id: invitation.id }, data: { status: "accepted" } });
    await db.member.create({
      data: { id: randomUUID(), organizationId: accountId, userId: user.id, role, createdAt: at },
    });
    const actor = { kind: "user", id: user.id, name: user.name } as const;
    const ctx = createContext(source, accountId, actor, role);
    await recordEvent(db, ctx, "member.joined", { email: user.email, role });
  }
  if (!known) await db.ssoIdentity.create({ data: { accountId, subject, userId: user.id, createdAt: at } });
  return user;
}

function createPerson(db: Transaction, { email, name }: Identity, at: Date): Promise<User> {
  const title = readPersonName(name ?? "") ?? (email.split("@")[0] ?? email).slice(0, 100);
  return db.user.create({
    data: { id: randomUUID(), email, name: title, emailVerified: true, createdAt: at },
  });
}
