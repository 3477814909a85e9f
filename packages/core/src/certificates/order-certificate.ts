import type { Certificate, CertificateName } from "@waxseal/db";
import type { Context } from "../context.ts";
import { enqueueJob } from "../enqueue-job.ts";
import { recordEvent } from "../record-event.ts";
import type { SecretBox } from "../secret-box.ts";
import type { AcmeDirectory } from "./acme-directory.ts";
import { advanceOrder } from "./advance-order.ts";
import { certificateId } from "./certificate-id.ts";
import { certificateJobKey } from "./certificate-job-key.ts";
import { findCertificateProblem } from "./certificate-problem.ts";
import { chooseDirectory } from "./choose-directory.ts";
import type { AcmeDirectories } from "./create-acme-directories.ts";
import { failCertificate } from "./fail-certificate.ts";
import { type CertificateLease, holdCertificateLease, LeaseLost } from "./hold-certificate-lease.ts";
import { isPast } from "./is-past.ts";
import { type CaLimits, findStagingUrl } from "./known-cas.ts";
import { orderLane } from "./order-lane.ts";
import { type PreflightDeps, preflightCertificate } from "./preflight-certificate.ts";
import { rehearseOrder } from "./rehearse-order.ts";
import { reserveOrder } from "./reserve-order.ts";
import { startOrder } from "./start-order.ts";
import { storeCertificate } from "./store-certificate.ts";

export type OrderCertificateDeps = PreflightDeps & {
  secretBox: SecretBox;
  acme: AcmeDirectories;
  /** The first is preferred, the next is the fallback. */
  directoryUrls: readonly string[];
  /** 0 to 1, for spreading renewals. */
  random(): number;
  /** How long to wait for the CA within one run; 60 s unless given. */
  patienceMs?: number | undefined;
  /** In place of those the CA publishes, for tests. */
  limits?: CaLimits | undefined;
  /** In place of the staging twin that is known, for tests. */
  stagingUrl?: string | undefined;
};

/**
 * `notDue`: nothing to do now. `busy`: another worker is at it, and this is tried again when its lease ends. `failing`: the
 * reason and the next attempt are in the row. `held`: a limit of the CA is used up; the sweep takes it up again. `absent`: no such
 * name in this account.
 */
export type OrderOutcome = { outcome: "issued" | "failing" | "held" | "notDue" | "busy" | "absent" };

/** A worker's and Postgres's clock may differ by this much. */
const CLOCK_TOLERANCE_MS = 1_000;
/** Names that were held together come back one by one. */
const HELD_SPREAD_MS = 600_000;

/**
 * Obtains a certificate for one host: checks it first, orders, proves the name by http-01, and stores the chain and the sealed key.
 *
 * Every step is in the row before the next begins, so a run that is cut off anywhere is taken up at the same order. Only the
 * holder of the name's lease works on it. Failures are kept in the row with the time of the next attempt, which is enqueued.
 * Safe to call at any time, from several workers.
 *
 * RFC 8555 §7.4
 */
export async function orderCertificate(
  ctx: Context,
  { host }: { host: string },
  deps: OrderCertificateDeps,
): Promise<OrderOutcome> {
  try {
    const held = await holdCertificateLease(ctx, host, (lease) => work(ctx, lease, deps));
    if (held.outcome === "busy" && "until" in held) await tryAgainAt(ctx, host, held.until);
    return { outcome: held.outcome };
  } catch (error) {
    if (error instanceof LeaseLost) return { outcome: "busy" };
    throw error;
  }
}

async function work(
  ctx: Context,
  lease: CertificateLease,
  deps: OrderCertificateDeps,
): Promise<OrderOutcome> {
  const name = await lease.read();
  if (!isDue(name, ctx.now())) return { outcome: "notDue" };
  const directoryUrl = chooseDirectory(name, deps.directoryUrls);
  try {
    const order = canResume(name, directoryUrl) ?? (await beginOrder(ctx, lease, name, directoryUrl, deps));
    if ("reason" in order) {
      await lease.write({
        state: name.state,
        stateSince: name.stateSince,
        heldUntil: new Date(order.heldUntil.getTime() + deps.random() * HELD_SPREAD_MS),
        heldReason: order.reason,
      });
      return { outcome: "held" };
    }
    const directory = await deps.acme.open(directoryUrl);
    const issued = await advanceOrder(ctx, lease, { ...order, directory }, deps);
    await storeCertificate(ctx, lease, { ...issued, directoryUrl, domainId: name.domainId }, deps);
    return { outcome: "issued" };
  } catch (error) {
    const problem = findCertificateProblem(error, directoryUrl);
    if (!problem) throw error;
    await failCertificate(ctx, lease, { problem, error, directoryUrl, acme: deps.acme });
    return { outcome: "failing" };
  }
}

/** Whether a name wants work now: never had a certificate, is to be renewed, or its next attempt has come. */
function isDue(name: CertificateName, now: Date): boolean {
  if (name.state === "stopped") return false;
  if (name.heldUntil && !isPast(name.heldUntil, now, CLOCK_TOLERANCE_MS)) return false;
  if (name.state === "issued") {
    return name.renewAt !== null && name.renewAt.getTime() <= now.getTime() + CLOCK_TOLERANCE_MS;
  }
  return name.nextAttemptAt === null || isPast(name.nextAttemptAt, now, CLOCK_TOLERANCE_MS);
}

function canResume(name: CertificateName, directoryUrl: string) {
  const { orderUrl, orderKeyJwe } = name;
  if (!orderUrl || !orderKeyJwe || name.directoryUrl !== directoryUrl) return undefined;
  return { orderUrl, orderKeyJwe };
}

async function beginOrder(
  ctx: Context,
  lease: CertificateLease,
  name: CertificateName,
  directoryUrl: string,
  deps: OrderCertificateDeps,
) {
  const { host } = lease;
  await lease.write({ state: "preflight", stateSince: ctx.now(), orderUrl: null, orderKeyJwe: null });
  const openDirectory = () => deps.acme.open(directoryUrl);
  await preflightCertificate(ctx, { host, domainId: name.domainId, openDirectory }, deps);
  await rehearse(ctx, name, directoryUrl, deps);
  const directory = await openDirectory();
  const current = await findCurrent(ctx, name);
  const replaces =
    current?.directoryUrl === directoryUrl ? await findReplaced(directory, current) : undefined;
  const reserve = (kind: "order" | "renewal") => {
    const lane = orderLane(name, current, ctx.now());
    return reserveOrder(ctx, { directoryUrl, host, lane, kind, limits: deps.limits });
  };
  const held = await reserve(replaces ? "renewal" : "order");
  if (held) return held;
  await ctx.inTransaction(async (db) => {
    await lease.write(
      { state: "ordering", stateSince: ctx.now(), heldUntil: null, heldReason: null, directoryUrl },
      db,
    );
    await recordEvent(db, ctx, "certificate.orderStarted", {
      ...(name.domainId && { domainId: name.domainId }),
      host,
      directoryUrl,
    });
  });
  const renewal = replaces ? { replaces, reserve: () => reserve("order") } : undefined;
  return startOrder(ctx, lease, directory, { secretBox: deps.secretBox, renewal });
}

/** After the CA itself said no, its staging twin is asked first. */
async function rehearse(
  ctx: Context,
  name: CertificateName,
  directoryUrl: string,
  deps: OrderCertificateDeps,
) {
  const stagingUrl = deps.stagingUrl ?? findStagingUrl(directoryUrl);
  const caSaidNo = name.attempts > 0 && ["ca.validation", "ca.refused"].includes(name.lastErrorCode ?? "");
  if (!stagingUrl || !caSaidNo) return;
  await rehearseOrder(ctx, { host: name.host, stagingUrl }, deps);
}

async function findCurrent({ db, accountId }: Context, { currentCertificateId: id }: CertificateName) {
  return id === null ? null : db.certificate.findUnique({ where: { accountId_id: { accountId, id } } });
}

async function findReplaced(directory: AcmeDirectory, { chainPem }: Certificate) {
  return (await directory.offersRenewalInfo()) ? certificateId(chainPem) : undefined;
}

function tryAgainAt(ctx: Context, host: string, until: Date): Promise<void> {
  const { accountId } = ctx;
  const runAt = new Date(until.getTime() + CLOCK_TOLERANCE_MS);
  return ctx.inTransaction((db) =>
    enqueueJob(
      db,
      "certificate.order",
      { accountId, host },
      { key: certificateJobKey(accountId, host), runAt },
    ),
  );
}
