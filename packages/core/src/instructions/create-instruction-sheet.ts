import { randomBytes } from "node:crypto";
import type { CreatedSheetView } from "@waxseal/contract";
import type { Transaction } from "@waxseal/db";
import { DAY_MS, DAY_SECONDS } from "@waxseal/runtime/time-spans";
import type { z } from "zod";
import { AppError } from "../app-error.ts";
import { findMailBrand } from "../brand/find-mail-brand.ts";
import { findOwnSite } from "../brand/find-own-host.ts";
import { findBrand } from "../brand/get-brand.ts";
import type { Context } from "../context.ts";
import { hashShareToken } from "../domain-views/hash-share-token.ts";
import type { HostingSettings } from "../hosting-settings.ts";
import { allowMail } from "../limits/allow-mail.ts";
import { lockFamily } from "../lock-account.ts";
import type { Mail } from "../mail/create-mailer.ts";
import type { QueueMail } from "../mail/queue-mail.ts";
import { readDeletionTime } from "../operating/read-deletion-time.ts";
import { requirePermission } from "../require-permission.ts";
import { formatInstructionsMail } from "./format-instructions-mail.ts";
import { chooseScope, type InstructionScope, type InstructionWish } from "./instruction-scope.ts";
import { nameSubjects, presentSheet } from "./list-instruction-sheets.ts";
import { presentInstructions } from "./list-instructions.ts";
import { recordSheet } from "./record-sheet.ts";

/** What making a link needs besides the database. */
export type SheetDeps = {
  publicUrl: string;
  settings: HostingSettings;
  queueMail: QueueMail;
};

type Input = InstructionWish & { expiresInDays: number; mailTo?: string | undefined };

const MAX_SHEETS = 1_000;
/** Long after the last of the mail limits. */
const FORGOTTEN_AFTER_MS = 30 * DAY_MS;
/** Mails of an account, its provider and all its provider's customers together. */
const MAIL_LIMITS = [
  { mails: 60, ms: 3_600_000, span: "an hour" },
  { mails: 300, ms: DAY_MS, span: "a day" },
] as const;

/**
 * Makes a link by which anyone who has it sees which CNAMEs domains of this account or a customer lack, under this account's name and
 * logo, until it expires or is ended; with `mailTo` the records and the link are mailed too.
 *
 * The token has 144 random bits; only its hash is kept. Every customer whose domains are shown reads of it in its own log.
 *
 * @throws AppError `not_found` – no such customer or domain; `forbidden`; `limit_reached` – 1,000 links work, too many were mailed, or this mailbox was sent too many
 */
export async function createInstructionSheet(
  ctx: Context,
  input: Input,
  deps: SheetDeps,
): Promise<z.infer<typeof CreatedSheetView>> {
  requirePermission(ctx, "domains.change");
  const scope = await chooseScope(ctx, input);
  const sheetToken = randomBytes(18).toString("base64url");
  const expiresAt = new Date(ctx.now().getTime() + input.expiresInDays * DAY_MS);
  const { mailTo } = input;
  const site = await findOwnSite(ctx.db, ctx.accountId, ctx.now());
  const url = `${site ?? deps.publicUrl}/instructions/${sheetToken}`;
  const mail =
    mailTo === undefined ? undefined : await formatMail(ctx, scope, { to: mailTo, url, expiresAt }, deps);
  const row = await ctx.inTransaction(async (db) => {
    await refuseTooMany(db, ctx, input.mailTo);
    await forgetOld(db, ctx);
    const stored = await db.instructionSheet.create({
      data: {
        accountId: ctx.accountId,
        subjectId: scope.subjectId,
        domainIds: [...scope.domainIds],
        missingOnly: scope.missingOnly,
        tokenHash: hashShareToken(sheetToken),
        mailedTo: input.mailTo ?? null,
        createdAt: ctx.now(),
        createdBy: ctx.actor.name,
        expiresAt,
      },
    });
    await recordSheet(db, ctx, "sheet.created", stored);
    const usefulSeconds = input.expiresInDays * DAY_SECONDS;
    if (mail)
      await deps.queueMail(db, mail, { kind: "instructions", accountId: ctx.accountId, usefulSeconds });
    return stored;
  });
  return { ...presentSheet(row, await nameSubjects(ctx, [row])), sheetToken, site: site ?? null };
}

async function forgetOld(db: Transaction, { accountId, now }: Context): Promise<void> {
  const forgottenAt = new Date((await readDeletionTime(db, now())).getTime() - FORGOTTEN_AFTER_MS);
  await db.instructionSheet.deleteMany({
    where: { accountId, OR: [{ endedAt: { lt: forgottenAt } }, { expiresAt: { lt: forgottenAt } }] },
  });
}

async function refuseTooMany(db: Transaction, ctx: Context, mailTo: string | undefined): Promise<void> {
  const { accountId } = ctx;
  const now = ctx.now();
  const topId = await lockFamily(db, accountId);
  const working = { accountId, endedAt: null, expiresAt: { gt: now } };
  if ((await db.instructionSheet.count({ where: working })) >= MAX_SHEETS) {
    throw new AppError("limit_reached", "1,000 links work already. End some first.", {
      reason: "too_many_objects",
    });
  }
  if (mailTo === undefined) return;
  for (const { mails, ms, span } of MAIL_LIMITS) {
    const [sent] = await db.$queryRaw<{ n: number }[]>`
      select count(*)::int as n from instruction_sheet s join account a on a.id = s.account_id
      where (a.id = ${topId} or a.parent_id = ${topId}) and s.mailed_to is not null
        and s.created_at > ${new Date(now.getTime() - ms)}`;
    if ((sent?.n ?? 0) >= mails) {
      throw new AppError(
        "limit_reached",
        `At most ${mails} mails are sent ${span}. Create a link and send it yourself.`,
        { reason: "daily_limit" },
      );
    }
  }
  if (!(await allowMail(db, "instructions", mailTo)))
    throw new AppError(
      "limit_reached",
      "This address has been sent many of these mails already. Create the link without a mail and send it yourself, or try again in two hours.",
      { reason: "daily_limit" },
    );
}

async function formatMail(
  ctx: Context,
  scope: InstructionScope,
  { to, url, expiresAt }: { to: string; url: string; expiresAt: Date },
  deps: SheetDeps,
): Promise<Mail> {
  const [instructions, brand, face, sender] = await Promise.all([
    presentInstructions(ctx.db, scope, deps.settings, { limit: 100 }),
    findBrand(ctx.db, ctx.accountId),
    findMailBrand(ctx.db, ctx.accountId),
    ctx.actor.kind === "user" ? ctx.db.user.findUnique({ where: { id: ctx.actor.id } }) : null,
  ]);
  const replyTo = sender?.email;
  return formatInstructionsMail({ to, url, expiresAt, replyTo, instructions, brand, face });
}
