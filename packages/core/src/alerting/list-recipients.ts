import type { Channel, Transaction } from "@waxseal/db";
import { isAtLeast } from "./alert-change.ts";
import { readMatch } from "./read-match.ts";

/** A person's mailbox or a channel. */
export type Recipient = { userId: string; channelId: null } | { userId: null; channelId: string };

/** What of an incident decides who is concerned. */
export type Concern = {
  accountId: string;
  severity: string;
  conditions: readonly string[];
  domainIds: readonly string[];
  /** The accounts that the domains belong to. */
  ownerIds: readonly string[];
};

/** Least severity of the alerts that members get without a subscription, by role. */
export const DEFAULT_SEVERITY: Readonly<Record<string, string>> = { owner: "warning", admin: "warning" };

/** Lists the recipients of an incident: members by subscription or role, and channels by their filters. */
export async function listRecipients(tx: Transaction, concern: Concern): Promise<Recipient[]> {
  const { accountId, severity } = concern;
  const members = await tx.member.findMany({
    where: { organizationId: accountId },
    orderBy: { userId: "asc" },
  });
  const subscriptions = await tx.subscription.findMany({ where: { accountId } });
  const channels = await tx.channel.findMany({
    where: { accountId, state: "active" },
    orderBy: { id: "asc" },
  });
  const tags = await loadTags(tx, concern, channels);
  const people = members.flatMap(({ userId, role }): Recipient[] => {
    const own = subscriptions.find((one) => one.userId === userId)?.severity;
    return isAtLeast(severity, own ?? DEFAULT_SEVERITY[role] ?? "off") ? [{ userId, channelId: null }] : [];
  });
  const taking = channels.filter(
    (channel) => isAtLeast(severity, channel.minSeverity) && takes(channel, concern, tags),
  );
  return [...people, ...taking.map(({ id }): Recipient => ({ userId: null, channelId: id }))];
}

/**
 * The recipients of a critical alert that no one subscribed to. None in a customer's account: its provider
 * has the same alert.
 */
export async function listOwners(tx: Transaction, accountId: string): Promise<Recipient[]> {
  const owners = await tx.member.findMany({
    where: { organizationId: accountId, role: "owner", organization: { parentId: null } },
    orderBy: { userId: "asc" },
  });
  return owners.map(({ userId }) => ({ userId, channelId: null }));
}

function takes(channel: Channel, { conditions, ownerIds }: Concern, tags: readonly string[]): boolean {
  const { conditions: codes, customers, tags: wantedTags } = readMatch(channel);
  const hits = (wanted: readonly string[] | undefined, present: readonly string[]) =>
    !wanted || wanted.length === 0 || wanted.some((one) => present.includes(one));
  return hits(codes, conditions) && hits(customers, ownerIds) && hits(wantedTags, tags);
}

async function loadTags(tx: Transaction, concern: Concern, channels: readonly Channel[]): Promise<string[]> {
  if (!channels.some((channel) => (readMatch(channel).tags ?? []).length > 0)) return [];
  const rows = await tx.domainTag.findMany({
    where: { accountId: { in: [...concern.ownerIds] }, domainId: { in: [...concern.domainIds] } },
    select: { tag: true },
  });
  return rows.map(({ tag }) => tag);
}
