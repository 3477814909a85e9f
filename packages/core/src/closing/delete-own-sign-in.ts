import type { Transaction } from "@waxseal/db";
import { endWhatTheyMade } from "../accounts/end-what-they-made.ts";
import type { Person } from "../accounts/person.ts";
import { refuseSso } from "../accounts/refuse-sso.ts";
import { refuseStaleSignIn } from "../accounts/refuse-stale-sign-in.ts";
import { AppError } from "../app-error.ts";
import { type Context, type ContextSource, createContext } from "../context.ts";
import { enqueueJob } from "../enqueue-job.ts";
import { signInDeletedMail } from "../mail/format-account-mails.ts";
import type { QueueMail } from "../mail/queue-mail.ts";
import { recordEvent } from "../record-event.ts";

/**
 * Deletes a person's sign-in with everything that opened it, and takes them out of every account. `email` is their address, typed to
 * confirm.
 *
 * Accounts without other members, domains and customers are closed with it. API keys and invitations they made end; the audit logs
 * keep their name and address, since they are the accounts' records. A mail confirms it.
 *
 * @throws AppError `forbidden` – by single sign-on, or signed in more than 15 minutes ago; `invalid` – another address; `conflict` – the only
 * owner of an account with other members, domains or customers
 */
export async function deleteOwnSignIn(
  source: ContextSource,
  person: Person,
  input: { email: string },
  deps: { queueMail: QueueMail },
): Promise<void> {
  refuseSso(person);
  refuseStaleSignIn(source.now(), person.signedInAt);
  if (input.email.trim().toLowerCase() !== person.email) {
    const problem = `Your address is ${person.email}.`;
    throw new AppError("invalid", problem, { fields: [{ path: "email", problem }] });
  }
  const actor = { kind: "user", id: person.id, name: person.name } as const;
  const contextOf = (accountId: string) => createContext(source, accountId, actor);
  await contextOf("").inTransaction(async (db) => {
    // In one order, so that two people who leave the same accounts wait for each other.
    await db.$queryRaw`
      select 1 from account where id in (select account_id from member where user_id = ${person.id}) order by id for update`;
    const memberships = await db.member.findMany({
      where: { userId: person.id },
      orderBy: { organizationId: "asc" },
    });
    await refuseOnlyOwner(db, person.id);
    for (const { id, organizationId, role } of memberships) {
      const ctx = contextOf(organizationId);
      await db.member.delete({ where: { id } });
      await endWhatTheyMade(db, ctx, person.id);
      await recordEvent(db, ctx, "member.removed", { email: person.email, before: role, after: null });
      if ((await db.member.count({ where: { organizationId } })) === 0) await closeEmpty(db, ctx);
    }
    const { count } = await db.user.deleteMany({ where: { id: person.id } });
    // Sent twice: the first request deleted it and sent the mail.
    if (count === 0) return;
    await deps.queueMail(db, signInDeletedMail(person.email), { kind: "signInDeleted" });
  });
}

async function refuseOnlyOwner(db: Transaction, userId: string): Promise<void> {
  const stuck = await db.$queryRaw<{ id: string; name: string }[]>`
    select a.id, a.name from member m join account a on a.id = m.account_id
    where m.user_id = ${userId} and m.role = 'owner' and a.closing_at is null
      and not exists (select 1 from member o where o.account_id = a.id and o.role = 'owner' and o.user_id <> m.user_id)
      and (exists (select 1 from member o where o.account_id = a.id and o.user_id <> m.user_id)
        or exists (select 1 from domain d where d.account_id = a.id and d.status <> 'left')
        or exists (select 1 from account c where c.parent_id = a.id))
    order by a.name, a.id limit 10`;
  const [first] = stuck;
  if (!first) return;
  const names = stuck.map(({ name }) => name).join(", ");
  throw new AppError(
    "conflict",
    `You are the only owner of ${names}. Make another member owner, or delete the account, first.`,
    { reason: "last_owner", collidesWith: { kind: "account", id: first.id } },
  );
}

async function closeEmpty(db: Transaction, ctx: Context): Promise<void> {
  const { accountId } = ctx;
  const { count } = await db.organization.updateMany({
    // A customer without members is still its provider's.
    where: { id: accountId, closingAt: null, parentId: null },
    data: { closingAt: ctx.now() },
  });
  if (count === 0) return;
  const key = `account.finishClosing:${accountId}`;
  await enqueueJob(db, "account.finishClosing", { accountId }, { key });
}
