import { randomBytes } from "node:crypto";
import {
  type MonthlyRecipientBody,
  type MonthlyRecipientListView,
  type MonthlyRecipientView,
  type MonthlyToCustomersBody,
  mayDo,
  type PageQuery,
} from "@waxseal/contract";
import type { Database, MonthlyRecipient, Transaction } from "@waxseal/db";
import type { z } from "zod";
import { hashSecret } from "../accounts/hash-secret.ts";
import { AppError } from "../app-error.ts";
import type { Context } from "../context.ts";
import { takeAllowance } from "../limits/take-allowance.ts";
import { pageOf } from "../list-page.ts";
import { lockAccount } from "../lock-account.ts";
import { composeMail } from "../mail/compose-mail.ts";
import { oneLine } from "../mail/format-mail-html.ts";
import type { QueueMail } from "../mail/queue-mail.ts";
import { recordEvent } from "../record-event.ts";
import { requirePermission } from "../require-permission.ts";
import type { SecretBox } from "../secret-box.ts";
import { nextMonthlyAt } from "./digest-period.ts";

/** What adding an address takes. */
export type MonthlyMailDeps = { secretBox: SecretBox; queueMail: QueueMail; publicUrl: string };

type View = z.infer<typeof MonthlyRecipientView>;

/** Addresses of one account. */
const MAX_MONTHLY_RECIPIENTS = 20;
const CONFIRMATIONS_OF_ACCOUNT = { burst: 20, refillSeconds: 600 };
const CONFIRMATIONS_OF_ADDRESS = { burst: 2, refillSeconds: 86_400 };

/** Which addresses get the account's report each month, and whether customers get theirs. */
export async function listMonthlyRecipients(
  ctx: Context,
  query: PageQuery = {},
): Promise<z.infer<typeof MonthlyRecipientListView>> {
  const { accountId, db, role } = ctx;
  const isTrusted = role === "system" || mayDo(role, "alerts.manage");
  const [rows, account] = await Promise.all([
    db.monthlyRecipient.findMany({ where: { accountId }, orderBy: [{ createdAt: "asc" }, { id: "asc" }] }),
    db.organization.findUniqueOrThrow({ where: { id: accountId } }),
  ]);
  const items = rows.map((row) => present(isTrusted ? row : { ...row, email: shorten(row.email) }));
  return pageOf({ items, toCustomers: account.monthlyToCustomers }, query, ({ id }) => id);
}

/**
 * Has the account's report mailed to an address each month. A member's address gets it at once; the owner of any other is asked first.
 * Adding an address again asks again.
 * @throws AppError `forbidden`; `limit_reached` – 20 addresses, or too many unconfirmed ones
 */
export async function addMonthlyRecipient(
  ctx: Context,
  deps: MonthlyMailDeps,
  { email: typed }: z.infer<typeof MonthlyRecipientBody>,
): Promise<View> {
  requirePermission(ctx, "alerts.manage");
  const { accountId } = ctx;
  const email = typed.toLowerCase();
  const made = await createMonthlyToken(deps);
  const row = await ctx.inTransaction(async (tx) => {
    await lockAccount(tx, accountId);
    const where = { accountId_email: { accountId, email } };
    const known = await tx.monthlyRecipient.findUnique({ where });
    if (known?.state === "active") return known;
    await requireRoom(tx, accountId, known);
    const isMember = (await findMemberAddresses(tx, accountId, [email])).has(email);
    const data = isMember
      ? { state: "active", via: "member", nextAt: nextMonthlyAt(ctx.now()) }
      : { state: "asked", via: "confirmed", nextAt: null };
    const added = { createdAt: ctx.now(), createdBy: ctx.actor.name };
    const after = await tx.monthlyRecipient.upsert({
      where,
      create: { accountId, email, ...data, ...added, ...made.stored },
      update: { ...data, ...made.stored },
    });
    if (!isMember) await askToConfirm(tx, ctx, deps, { email, token: made.token });
    await recordEvent(tx, ctx, "monthlyReport.addressAdded", { email });
    return after;
  });
  return present(row);
}

/** Mails no more reports to an address. @throws AppError `forbidden`, `not_found` */
export async function removeMonthlyRecipient(ctx: Context, { id }: { id: string }): Promise<void> {
  requirePermission(ctx, "alerts.manage");
  const where = { accountId_id: { accountId: ctx.accountId, id } };
  await ctx.inTransaction(async (tx) => {
    const row = await tx.monthlyRecipient.findUnique({ where });
    if (!row) throw new AppError("not_found", "There is no such address.");
    // One that its owner stopped is kept, so that the owners of customers are not added again.
    if (row.state === "stopped") return;
    await tx.monthlyRecipient.delete({ where });
    await recordEvent(tx, ctx, "monthlyReport.addressRemoved", { email: row.email });
  });
}

/** Whether the owners of each customer get that customer's report. @throws AppError `forbidden` */
export async function setMonthlyToCustomers(
  ctx: Context,
  { toCustomers }: z.infer<typeof MonthlyToCustomersBody>,
): Promise<z.infer<typeof MonthlyRecipientListView>> {
  requirePermission(ctx, "customers.manage");
  await ctx.inTransaction(async (tx) => {
    const { count } = await tx.organization.updateMany({
      where: { id: ctx.accountId, monthlyToCustomers: !toCustomers },
      data: { monthlyToCustomers: toCustomers },
    });
    if (count === 0) return;
    if (!toCustomers) {
      const customers = await tx.organization.findMany({
        where: { parentId: ctx.accountId },
        select: { id: true },
      });
      await tx.monthlyRecipient.deleteMany({
        where: { accountId: { in: customers.map(({ id }) => id) }, via: "owner", state: "active" },
      });
    }
    await recordEvent(tx, ctx, "monthlyReport.customersChanged", { isOn: toCustomers });
  });
  return listMonthlyRecipients(ctx);
}

/** Confirms that an address takes monthly reports; whether the token is one of an address. */
export async function confirmMonthlyReports(db: Database, token: string, now: Date): Promise<boolean> {
  const tokenHash = hashSecret(token);
  await db.monthlyRecipient.updateMany({
    where: { tokenHash, state: "asked" },
    data: { state: "active", nextAt: nextMonthlyAt(now) },
  });
  return (await db.monthlyRecipient.count({ where: { tokenHash, state: "active" } })) > 0;
}

/** Stops the monthly reports for the address whose mails hold this token; whether there is one. */
export async function stopMonthlyReports(db: Database, token: string): Promise<boolean> {
  const { count } = await db.monthlyRecipient.updateMany({
    where: { tokenHash: hashSecret(token) },
    data: { state: "stopped", nextAt: null },
  });
  return count > 0;
}

/** A new token, and what is stored of it. */
export async function createMonthlyToken({ secretBox }: Pick<MonthlyMailDeps, "secretBox">) {
  const token = randomBytes(16).toString("base64url");
  return { token, stored: { tokenJwe: await secretBox.seal(token), tokenHash: hashSecret(token) } };
}

/** Which of these addresses belong to members of the account, or of its provider, who confirmed them. */
export async function findMemberAddresses(
  db: Database | Transaction,
  accountId: string,
  emails: readonly string[],
): Promise<Set<string>> {
  const { parentId } = await db.organization.findUniqueOrThrow({ where: { id: accountId } });
  const members = await db.member.findMany({
    where: {
      organizationId: { in: parentId === null ? [accountId] : [accountId, parentId] },
      user: { emailVerified: true, email: { in: [...emails], mode: "insensitive" } },
    },
    select: { user: { select: { email: true } } },
  });
  return new Set(members.map(({ user }) => user.email.toLowerCase()));
}

async function requireRoom(
  tx: Transaction,
  accountId: string,
  known: MonthlyRecipient | null,
): Promise<void> {
  if (known) return;
  const count = await tx.monthlyRecipient.count({ where: { accountId } });
  if (count < MAX_MONTHLY_RECIPIENTS) return;
  throw new AppError(
    "limit_reached",
    `The report goes to ${MAX_MONTHLY_RECIPIENTS} addresses at most. Remove one first.`,
    { reason: "too_many_objects" },
  );
}

async function askToConfirm(
  tx: Transaction,
  { accountId }: Context,
  { queueMail, publicUrl }: MonthlyMailDeps,
  { email, token }: { email: string; token: string },
): Promise<void> {
  const isAllowed =
    (await takeAllowance(tx, `monthly-confirm:${accountId}`, CONFIRMATIONS_OF_ACCOUNT)) &&
    (await takeAllowance(tx, `monthly-confirm:${hashSecret(email)}`, CONFIRMATIONS_OF_ADDRESS));
  if (!isAllowed)
    throw new AppError("limit_reached", "Too many addresses were added. Try again tomorrow.", {
      reason: "daily_limit",
    });
  const { name } = await tx.organization.findUniqueOrThrow({ where: { id: accountId } });
  const mail = composeMail(email, "Confirm that monthly reports may be mailed to you", [
    `${oneLine(name)} wants to mail you its monthly report about the encryption of its mail. If that is right, confirm it:`,
    { url: `${publicUrl}/k/${token}`, label: "Confirm this address" },
    "If you do not know them, ignore this mail: nothing will be sent to you.",
  ]);
  await queueMail(tx, mail, { kind: "confirm", accountId });
}

function present({ id, email, state, nextAt, createdBy }: MonthlyRecipient): View {
  return { id, email, state: state as View["state"], nextAt: nextAt?.toISOString() ?? null, createdBy };
}

function shorten(email: string): string {
  return `${email.slice(0, 1)}…${email.slice(email.lastIndexOf("@"))}`;
}
