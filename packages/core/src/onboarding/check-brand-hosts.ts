import type { Transaction } from "@waxseal/db";
import { lookUpCname, type Resolver } from "@waxseal/probes";
import { certificateJobKey } from "../certificates/certificate-job-key.ts";
import { stopCertificate } from "../certificates/stop-certificate.ts";
import { type Context, type ContextSource, createContext, jobActor } from "../context.ts";
import { enqueueJob } from "../enqueue-job.ts";
import { recordEvent } from "../record-event.ts";
import { proofName, proofText } from "./brand-host.ts";

type Row = { accountId: string; host: string };

type Deps = { resolver: Resolver; publicUrl: string };

/** Reads what DNS says about a host; undefined when DNS does not answer, which is not evidence. */
type Seen = { ok: true } | { ok: false; problem: string } | undefined;

const BATCH = 20;
const MAX_CNAMES = 8;
const MINUTE_MS = 60_000;
const HELD_EVERY_MS = 10 * MINUTE_MS;
/** A host whose records are new is looked at each minute for this long. */
const NEW_MS = 60 * MINUTE_MS;
/** Looks in a row that find the records gone, before a host is given up. */
const GONE_AFTER = 2;

/**
 * Looks at the DNS of hosts that are due: one with both records is held by its account, and its certificate ordered; one whose records are
 * gone at two looks in a row is given up. DNS that does not answer changes nothing. A host is held by one account. Returns how many were looked at.
 */
export async function checkBrandHosts(source: ContextSource, deps: Deps): Promise<number> {
  const now = source.now();
  const due = await source.db.brandHost.findMany({
    where: { nextCheckAt: { lte: now } },
    orderBy: { nextCheckAt: "asc" },
    take: BATCH,
  });
  for (const row of due) {
    const seen = await lookAt(row, deps);
    const ctx = createContext(source, row.accountId, jobActor("brandHost.check"));
    await ctx.inTransaction((db) => keep(db, ctx, row, seen));
  }
  return due.length;
}

async function keep(db: Transaction, ctx: Context, { accountId, host }: Row, seen: Seen) {
  // Two hosts are not taken over at the same time: the second sees who holds it.
  await db.$executeRaw`select pg_advisory_xact_lock(hashtextextended(${`brand_host ${host}`}, 0))`;
  const row = await db.brandHost.findUnique({ where: { accountId } });
  if (!row || row.host !== host) return;
  const now = ctx.now();
  const isNew = now.getTime() - row.createdAt.getTime() < NEW_MS;
  const everyMs = row.heldHost === null && isNew ? MINUTE_MS : HELD_EVERY_MS;
  const planned = { checkedAt: now, nextCheckAt: new Date(now.getTime() + everyMs) };
  const update = (data: object) =>
    db.brandHost.update({ where: { accountId }, data: { ...planned, ...data } });
  if (!seen) return update({});
  if (!seen.ok) {
    const missed = row.missed + 1;
    const isGone = row.heldHost !== null && missed >= GONE_AFTER;
    const soon = { nextCheckAt: new Date(now.getTime() + MINUTE_MS) };
    await update({ missed, problem: seen.problem, ...(isGone ? { heldHost: null } : row.heldHost && soon) });
    if (!isGone) return;
    await stopCertificate(db, ctx, host);
    await recordEvent(db, ctx, "brand.hostChanged", { host, state: "lost" });
    return;
  }
  const other = await db.brandHost.findUnique({ where: { heldHost: host } });
  if (other && other.accountId !== accountId)
    return update({
      problem:
        "Another account uses this host. It is yours a few minutes after that account's TXT record is removed.",
    });
  await update({ missed: 0, problem: null, heldHost: host });
  if (row.heldHost !== null) return;
  await orderCertificate(db, ctx, host);
  await recordEvent(db, ctx, "brand.hostChanged", { host, state: "active" });
}

async function orderCertificate(db: Transaction, ctx: Context, host: string): Promise<void> {
  const { accountId } = ctx;
  const waiting = { state: "waiting" as const, stateSince: ctx.now(), nextAttemptAt: null };
  await db.certificateName.upsert({
    where: { accountId_host: { accountId, host } },
    create: { accountId, host, ...waiting },
    update: waiting,
  });
  await enqueueJob(db, "certificate.order", { accountId, host }, { key: certificateJobKey(accountId, host) });
}

async function lookAt(
  { host, token }: { host: string; token: string },
  { resolver, publicUrl }: Deps,
): Promise<Seen> {
  const target = new URL(publicUrl).hostname;
  const [first, proof] = await Promise.all([
    lookUpCname(resolver, host),
    resolver.resolveTxt(proofName(host)),
  ]);
  const isAway = (missing: string) => missing !== "no-record" && missing !== "no-domain";
  if ("missing" in first)
    return isAway(first.missing)
      ? undefined
      : { ok: false, problem: `There is no CNAME at ${host} yet. It must point to ${target}.` };
  if ("missing" in proof && isAway(proof.missing)) return undefined;
  let current = first.found;
  for (let count = 1; current !== target && count < MAX_CNAMES; count += 1) {
    const next = await resolver.resolveCname(current);
    const [found] = "found" in next ? next.found : [];
    if (found === undefined) break;
    current = found;
  }
  if (current !== target)
    return {
      ok: false,
      problem: `The CNAME at ${host} points to ${first.found.slice(0, 253)}. It must point to ${target}.`,
    };
  const isProved = "found" in proof && proof.found.some((strings) => strings.join("") === proofText(token));
  if (isProved) return { ok: true };
  return { ok: false, problem: `The TXT record at ${proofName(host)} is missing or another one.` };
}
