import type { Context } from "../context.ts";
import type { Mail } from "../mail/create-mailer.ts";

/** What closing and keeping an account need besides the database. */
export type ClosingDeps = { publicUrl: string; sendMail(mail: Mail): Promise<void> };

/** Owners that get a mail at most. */
const MAX_OWNERS = 50;

/** Sends a mail to every owner of the account and of its provider. A mail that cannot be sent changes nothing. Never throws for it. */
export async function mailOwners(
  { db, accountId }: Context,
  { sendMail }: Pick<ClosingDeps, "sendMail">,
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
  await Promise.allSettled(owners.map(({ email }) => sendMail(format(email))));
}
