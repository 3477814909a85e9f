import { randomBytes } from "node:crypto";
import type { BrandHostView } from "@waxseal/contract";
import type { Transaction } from "@waxseal/db";
import type { z } from "zod";
import { AppError } from "../app-error.ts";
import { type OperatorNames, readBrandHost } from "../brand/read-brand-host.ts";
import { stopCertificate } from "../certificates/stop-certificate.ts";
import type { Context } from "../context.ts";
import { lockAccount } from "../lock-account.ts";
import { recordEvent } from "../record-event.ts";
import { requirePermission } from "../require-permission.ts";

type View = z.infer<typeof BrandHostView>;

/** Where the proof of a host is published. */
export function proofName(host: string): string {
  return `_waxseal.${host}`;
}

/** The text of that proof. */
export function proofText(token: string): string {
  return `waxseal-host=${token}`;
}

/** The host under which an account shows itself, with the records to publish and how far it is. */
export async function getBrandHost(ctx: Context, own: OperatorNames): Promise<View> {
  const { accountId } = ctx;
  const row = await ctx.db.brandHost.findUnique({ where: { accountId } });
  if (!row) return { host: null, state: "none", records: [], problem: null, url: null };
  const { host, token, heldHost } = row;
  const records = [
    { type: "CNAME" as const, name: host, value: new URL(own.publicUrl).hostname },
    { type: "TXT" as const, name: proofName(host), value: proofText(token) },
  ];
  if (heldHost === null) return { host, state: "waiting", records, problem: row.problem, url: null };
  const [certificates, name] = await Promise.all([
    ctx.db.certificate.count({ where: { accountId, host, notAfter: { gt: ctx.now() } } }),
    ctx.db.certificateName.findUnique({ where: { accountId_host: { accountId, host } } }),
  ]);
  if (certificates > 0)
    return { host, state: "active", records, problem: row.problem, url: `https://${host}` };
  const problem = name?.heldReason ?? name?.lastErrorDetail ?? null;
  return { host, state: "certificate", records, problem, url: null };
}

/**
 * Sets the host under which an account wants to show itself. It is held once its DNS has both records; the proof is another one each time.
 * @throws AppError `forbidden`; `invalid` – no host that can be used; `conflict` – the account is a customer
 */
export async function setBrandHost(
  ctx: Context,
  { host: text }: { host: string },
  own: OperatorNames,
): Promise<void> {
  requirePermission(ctx, "account.manage");
  const read = readBrandHost(text, own);
  if (!read.ok)
    throw new AppError("invalid", read.problem, { fields: [{ path: "host", problem: read.problem }] });
  const { accountId } = ctx;
  const { host } = read;
  await ctx.inTransaction(async (db) => {
    await lockAccount(db, accountId);
    const { parentId } = await db.organization.findUniqueOrThrow({ where: { id: accountId } });
    if (parentId !== null)
      throw new AppError("conflict", "Your provider's host is used for this account.", {
        reason: "account_is_customer",
        collidesWith: { kind: "account", id: parentId },
      });
    const before = await db.brandHost.findUnique({ where: { accountId } });
    if (before?.host === host) return;
    if (before) await letGo(db, ctx, before);
    const now = ctx.now();
    const token = randomBytes(15).toString("base64url");
    await db.brandHost.create({ data: { accountId, host, token, createdAt: now, nextCheckAt: now } });
    await recordEvent(db, ctx, "brand.hostChanged", { host, state: "waiting" });
  });
}

/** Gives the host up: its pages are no longer answered, and its certificate is not renewed. Does nothing without one. @throws AppError `forbidden` */
export async function removeBrandHost(ctx: Context): Promise<void> {
  requirePermission(ctx, "account.manage");
  const { accountId } = ctx;
  await ctx.inTransaction(async (db) => {
    await lockAccount(db, accountId);
    const row = await db.brandHost.findUnique({ where: { accountId } });
    if (!row) return;
    await letGo(db, ctx, row);
    await recordEvent(db, ctx, "brand.hostChanged", { host: row.host, state: "removed" });
  });
}

async function letGo(
  db: Transaction,
  ctx: Context,
  { accountId, host }: { accountId: string; host: string },
): Promise<void> {
  await stopCertificate(db, ctx, host);
  await db.brandHost.delete({ where: { accountId } });
}
