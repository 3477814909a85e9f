import type { DigestPeriod } from "@waxseal/contract";
import type { Transaction } from "@waxseal/db";
import { HOUR_MS } from "@waxseal/runtime/time-spans";
import type { SendDeps } from "../alerting/send-notifications.ts";
import { unsubscribeToken } from "../alerting/unsubscribe-token.ts";
import { findMailBrand } from "../brand/find-mail-brand.ts";
import { createContext, jobActor } from "../context.ts";
import { nextDigestAt } from "./digest-period.ts";
import { formatDigestMail } from "./format-digest-mail.ts";
import { getDigest } from "./get-digest.ts";

/** Quiet weeks in a row after which a summary that no one chose to have weekly comes monthly. */
const QUIET_WEEKS = 8;
const MAX_AT_ONCE = 500;

type Plan = { digestAt: Date | null; timeZone: string };
type Due = { accountId: string; userId: string };

/**
 * Sends the summaries that are due, each once for its period: the next one is planned in the transaction that queues the mail, whatever time
 * has passed, so that a long downtime is followed by one. Safe to run twice and at once.
 */
export async function sendDigests(deps: SendDeps): Promise<{ planned: number; sent: number }> {
  const planned = await planNew(deps);
  let sent = 0;
  for (let count = 0; count < MAX_AT_ONCE; count++) {
    const due = await findDue(deps);
    if (!due) break;
    const isSent = await sendOne(deps, due).catch(async (error: unknown) => {
      deps.onFailure(error);
      const digestAt = new Date(deps.now().getTime() + HOUR_MS);
      await deps.db.subscription.updateMany({ where: due, data: { digestAt } });
      return false;
    });
    if (isSent) sent += 1;
  }
  return { planned, sent };
}

/** Members who have no date yet: new ones, and those who changed what they want. */
async function planNew({ db, now }: SendDeps): Promise<number> {
  const rows = await db.$queryRaw<(Due & { digest: string | null; timeZone: string | null })[]>`
    select m.account_id as "accountId", m.user_id as "userId", s.digest, s.time_zone as "timeZone"
    from member m left join subscription s on s.account_id = m.account_id and s.user_id = m.user_id
    where s.digest_at is null and coalesce(s.digest, 'weekly') <> 'off' limit 5000`;
  for (const { digest, timeZone, ...key } of rows) {
    const digestAt = nextDigestAt(periodOf(digest), timeZone ?? "UTC", now());
    await db.subscription.upsert({
      where: { accountId_userId: key },
      create: { ...key, digestAt },
      update: { digestAt },
    });
  }
  return rows.length;
}

async function findDue({ db, now }: SendDeps): Promise<Due | undefined> {
  const row = await db.subscription.findFirst({
    where: { digestAt: { lte: now() } },
    orderBy: { digestAt: "asc" },
    select: { accountId: true, userId: true },
  });
  return row ?? undefined;
}

/** Whether a mail was queued. A person without a confirmed address, or with nothing to look after, gets none. */
async function sendOne(deps: SendDeps, key: Due): Promise<boolean> {
  const { db, now } = deps;
  const own = await db.subscription.findUnique({ where: { accountId_userId: key } });
  const member = await db.member.findFirst({
    where: { organizationId: key.accountId, userId: key.userId },
    select: {
      user: { select: { email: true, emailVerified: true } },
      organization: { select: { name: true } },
    },
  });
  const period = periodOf(own?.digest ?? null);
  const isWanted = member?.user.emailVerified && own?.bouncedAddress !== member.user.email;
  if (!own?.digestAt || own.digest === "off" || !member || !isWanted) {
    await db.$transaction((tx) =>
      planNext(tx, own, key, { period, isGone: !member || own?.digest === "off" }, now()),
    );
    return false;
  }
  const view = await getDigest(createContext({ db, now }, key.accountId, jobActor("summary")), { period });
  const quietDigests = view.isQuiet ? own.quietDigests + 1 : 0;
  const turnsMonthly = own.digest === null && quietDigests >= QUIET_WEEKS;
  const token = await unsubscribeToken(deps, key);
  const account = encodeURIComponent(key.accountId);
  const brand = await findMailBrand(db, key.accountId);
  const mail = formatDigestMail(view, {
    to: member.user.email,
    accountName: member.organization.name,
    brand,
    pageUrl: `${deps.publicUrl}/a/${account}/summary?period=${period}`,
    stopUrl: `${deps.publicUrl}/s/${token}`,
    keepWeeklyUrl: turnsMonthly ? `${deps.publicUrl}/w/${token}` : null,
  });
  return db.$transaction(async (tx) => {
    const next = turnsMonthly ? "monthly" : period;
    const changes = { quietDigests, ...(turnsMonthly && { digest: "monthly" }) };
    const isFirst = await planNext(tx, own, key, { period: next, isGone: false, changes }, now());
    if (!isFirst || view.domains === 0) return false;
    const reference = `summary:${key.accountId}:${key.userId}:${own.digestAt?.getTime()}`;
    await deps.queueMail(tx, mail, { kind: "summary", accountId: key.accountId, reference });
    return true;
  });
}

/** Plans the next summary; whether no other process did so since the row was read. */
async function planNext(
  tx: Transaction,
  own: Plan | null,
  { accountId, userId }: Due,
  { period, isGone, changes = {} }: { period: DigestPeriod; isGone: boolean; changes?: object },
  now: Date,
): Promise<boolean> {
  const digestAt = isGone ? null : nextDigestAt(period, own?.timeZone ?? "UTC", now);
  const { count } = await tx.subscription.updateMany({
    where: { accountId, userId, digestAt: own?.digestAt ?? null },
    data: { digestAt, ...changes },
  });
  return count > 0;
}

function periodOf(digest: string | null): DigestPeriod {
  return digest === "daily" || digest === "monthly" ? digest : "weekly";
}
