import type { Context } from "../context.ts";
import type { Mail } from "../mail/create-mailer.ts";
import type { QueueMail } from "../mail/queue-mail.ts";

/** What closing and keeping an account need besides the database. */
export type ClosingDeps = { publicUrl: string; queueMail: QueueMail };

/** Owners that get a mail at most. */
const MAX_OWNERS = 50;

/** Queues a mail to every owner of the account and of its provider. */
export async function mailOwners(
  { db, accountId, inTransaction }: Context,
  { queueMail }: Pick<ClosingDeps, "queueMail">,
  format: (to: string) => Mail,
): Promise<void> {
  const { parentId } = await db.organization.findUniqueOrThrow({ where: { id: accountId } });
  const owners = await db.user.findMany({
    where: {
      members: { some: { role: "owner", organizationId: { in: [accountId, parentId ?? accountId] } } },
    },
    orderBy: { email: "asc" },
    take: MAX_OWNERS,
    select: { email: true },
  });
  await inTransaction(async (tx) => {
    for (const { email } of owners) await queueMail(tx, format(email), { kind: "closing" });
  });
}
