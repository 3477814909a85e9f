import type { Person } from "../accounts/person.ts";
import { refuseSso } from "../accounts/refuse-sso.ts";
import type { ContextSource } from "../context.ts";
import { EXPORT_TYPES, type StreamedFile } from "../streamed-file.ts";

const MAX_EVENTS = 10_000;

/**
 * What is kept about a person, as one JSON object: who they are, how they sign in, where they are signed in, their accounts and
 * invitations, and the newest 10,000 events of theirs in each of those accounts. No password hash, key or token is in it, and
 * nothing of other people.
 * @throws AppError `forbidden` – by single sign-on
 */
export async function exportPerson({ db, now }: ContextSource, person: Person): Promise<StreamedFile> {
  refuseSso(person);
  const user = await db.user.findUniqueOrThrow({
    where: { id: person.id },
    include: {
      passkeys: { select: { name: true, createdAt: true, backedUp: true } },
      credentials: { where: { password: { not: null } }, select: { createdAt: true, updatedAt: true } },
      ssoIdentities: { select: { accountId: true, subject: true, createdAt: true } },
      sessions: {
        select: {
          createdAt: true,
          updatedAt: true,
          expiresAt: true,
          ipAddress: true,
          userAgent: true,
          signedInBy: true,
        },
        orderBy: { createdAt: "desc" },
        take: 1_000,
      },
      departures: { select: { accountName: true, reason: true, at: true }, orderBy: { at: "desc" } },
      members: {
        select: { role: true, createdAt: true, organization: { select: { id: true, name: true } } },
        orderBy: { createdAt: "asc" },
      },
    },
  });
  const invitations = await db.invitation.findMany({
    where: { email: user.email, status: "pending", expiresAt: { gt: now() } },
    select: { role: true, createdAt: true, expiresAt: true, organization: { select: { name: true } } },
  });
  const { id, name, email, createdAt, twoFactorEnabled, credentials, members, ...rest } = user;
  const whole = {
    exportedAt: now(),
    person: { id, name, email, createdAt },
    signIn: {
      passwordSetAt: credentials[0]?.updatedAt ?? null,
      twoFactorEnabled,
      passkeys: rest.passkeys,
      singleSignOn: rest.ssoIdentities,
    },
    sessions: rest.sessions,
    memberships: members.map(({ organization, role, createdAt: since }) => ({
      account: organization,
      role,
      since,
    })),
    leftAccounts: rest.departures,
    invitations: invitations.map(({ organization, ...row }) => ({ account: organization.name, ...row })),
  };
  const accountIds = members.map(({ organization }) => organization.id);
  return {
    fileName: "waxseal-my-data.json",
    contentType: EXPORT_TYPES.json,
    chunks: writePerson(whole, db, id, accountIds),
  };
}

async function* writePerson(
  whole: object,
  db: ContextSource["db"],
  actorId: string,
  accountIds: readonly string[],
): AsyncGenerator<string> {
  yield `${JSON.stringify(whole).slice(0, -1)},"events":[`;
  let separator = "\n";
  for (const accountId of accountIds) {
    const events = await db.event.findMany({
      where: { accountId, actorKind: "user", actorId },
      select: { accountId: true, at: true, kind: true, domainId: true },
      orderBy: [{ at: "desc" }, { id: "desc" }],
      take: MAX_EVENTS,
    });
    for (const event of events) {
      yield separator + JSON.stringify(event);
      separator = ",\n";
    }
  }
  yield "\n]}\n";
}
