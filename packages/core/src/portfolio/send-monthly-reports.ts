import type { Database, MonthlyRecipient } from "@waxseal/db";
import { HOUR_MS } from "@waxseal/runtime/time-spans";
import type { SendDeps } from "../alerting/send-notifications.ts";
import { findMailBrand } from "../brand/find-mail-brand.ts";
import { createContext, jobActor } from "../context.ts";
import { nextMonthlyAt } from "./digest-period.ts";
import { formatMonthlyHtml } from "./format-monthly-html.ts";
import { formatMonthlyMail } from "./format-monthly-mail.ts";
import { getMonthlyReport } from "./get-monthly-report.ts";
import { createMonthlyToken, findMemberAddresses } from "./monthly-recipients.ts";

/** What sending takes; `printPdf` only where the operator has a browser for it. */
export type MonthlyDeps = Omit<SendDeps, "https" | "mailDomain" | "bounces"> & {
  printPdf?: ((html: string) => Promise<Uint8Array>) | undefined;
};

/** Accounts of one run; the next run follows within ten minutes. */
const MAX_AT_ONCE = 200;

/**
 * Mails the reports of last month that are due, each once to each address: the next one is planned in the transaction that queues the mail.
 * After a downtime of months one is sent, about the last month. Safe to run twice and at once.
 */
export async function sendMonthlyReports(deps: MonthlyDeps): Promise<{ sent: number }> {
  await addCustomerOwners(deps);
  let sent = 0;
  for (let count = 0; count < MAX_AT_ONCE; count++) {
    const due = await findDue(deps);
    const [first] = due;
    if (!first) break;
    sent += await sendOfAccount(deps, first.accountId, due).catch(async (error: unknown) => {
      deps.onFailure(error);
      const nextAt = new Date(deps.now().getTime() + HOUR_MS);
      await deps.db.monthlyRecipient.updateMany({
        where: { accountId: first.accountId, nextAt: { lte: deps.now() } },
        data: { nextAt },
      });
      return 0;
    });
  }
  return { sent };
}

/** All due addresses of the account that waits longest. */
async function findDue({ db, now }: MonthlyDeps): Promise<MonthlyRecipient[]> {
  const isDue = { state: "active", nextAt: { lte: now() } };
  const first = await db.monthlyRecipient.findFirst({ where: isDue, orderBy: { nextAt: "asc" } });
  if (!first) return [];
  return db.monthlyRecipient.findMany({ where: { ...isDue, accountId: first.accountId } });
}

async function sendOfAccount(
  deps: MonthlyDeps,
  accountId: string,
  due: readonly MonthlyRecipient[],
): Promise<number> {
  const { db, now } = deps;
  const account = await db.organization.findUniqueOrThrow({ where: { id: accountId } });
  const report = await getMonthlyReport(
    createContext({ db, now }, accountId, jobActor("monthly report")),
    {},
  );
  const isAbout = report.domains.length + report.customers.length + report.totals.sessions > 0;
  const isWanted = account.closingAt === null && account.suspendedAt === null && isAbout;
  const members = await findMemberAddresses(
    db,
    accountId,
    due.map(({ email }) => email),
  );
  const [face, logo] = [await findMailBrand(db, accountId), readLogo(report.brand.logo)];
  const pdf = isWanted
    ? await deps.printPdf?.(formatMonthlyHtml(report)).catch((error: unknown) => {
        deps.onFailure(error);
        return undefined;
      })
    : undefined;
  let sent = 0;
  for (const row of due) {
    const isGone = row.via !== "confirmed" && !members.has(row.email);
    const token = await deps.secretBox.open(row.tokenJwe);
    const mail = formatMonthlyMail(report, {
      ...{ to: row.email, logo, pdf, face },
      pageUrl: `${deps.publicUrl}/r/${token}/${report.month}`,
      stopUrl: `${deps.publicUrl}/m/${token}`,
    });
    const isSent = await db.$transaction(async (tx) => {
      const where = { accountId, id: row.id, state: "active", nextAt: row.nextAt };
      if (isGone) {
        await tx.monthlyRecipient.deleteMany({ where });
        return false;
      }
      // No row: another process was first, or the address was stopped meanwhile.
      const { count } = await tx.monthlyRecipient.updateMany({
        where,
        data: { nextAt: nextMonthlyAt(now()) },
      });
      if (count === 0 || !isWanted) return false;
      const reference = `monthly:${accountId}:${row.id}:${report.month}`;
      await deps.queueMail(tx, mail, { kind: "monthlyReport", accountId, reference });
      return true;
    });
    if (isSent) sent += 1;
  }
  return sent;
}

/** A picture out of its data URL: mail programs show it only as a part of the mail. */
function readLogo(url: string | null): { bytes: Uint8Array; contentType: string } | null {
  const [, contentType, base64] = /^data:([^;]+);base64,(.*)$/.exec(url ?? "") ?? [];
  return contentType && base64 ? { contentType, bytes: Buffer.from(base64, "base64") } : null;
}

type NewOwner = { accountId: string; email: string };

/** Owners of customers whose provider wants them to have their reports, and who have not been added or stopped them. */
async function addCustomerOwners({ db, now, secretBox }: MonthlyDeps & { db: Database }): Promise<void> {
  const owners = await db.$queryRaw<NewOwner[]>`
    select m.account_id as "accountId", lower(u.email) as email
    from account p
    join account c on c.parent_id = p.id
    join member m on m.account_id = c.id and m.role = 'owner'
    join "user" u on u.id = m.user_id and u.email_verified
    where p.monthly_to_customers and not exists (
      select 1 from monthly_recipient r where r.account_id = m.account_id and r.email = lower(u.email))
    limit 1000`;
  for (const { accountId, email } of owners) {
    const { stored } = await createMonthlyToken({ secretBox });
    const data = { state: "active", via: "owner", nextAt: nextMonthlyAt(now()) };
    const added = { createdAt: now(), createdBy: "Waxseal" };
    await db.monthlyRecipient.createMany({
      data: [{ accountId, email, ...data, ...added, ...stored }],
      skipDuplicates: true,
    });
  }
}
