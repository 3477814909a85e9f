import { DAY_MS } from "@waxseal/runtime/time-spans";
import type { Context } from "../context.ts";
import { enqueueJob } from "../enqueue-job.ts";
import { recordEvent } from "../record-event.ts";
import { AcmeError } from "./acme-error.ts";
import type { CertificateProblem } from "./certificate-problem.ts";
import type { AcmeDirectories } from "./create-acme-directories.ts";
import type { CertificateLease } from "./hold-certificate-lease.ts";
import { certificateJobOptions, orderLane } from "./order-lane.ts";
import { orderRetryDelayMs } from "./order-retry-delay.ts";
import { countFailedValidation } from "./reserve-order.ts";

type Failure = {
  problem: CertificateProblem;
  /** What the problem was made from. */
  error: unknown;
  directoryUrl: string;
  acme: AcmeDirectories;
};

/** An order that is older than this is given up, whatever the reason. */
const ORDER_LIFE_MS = DAY_MS;

/**
 * Keeps why a certificate could not be had and when it is tried again, and enqueues that. The timeline gets a line when the reason
 * is a new one, not at every attempt. The certificate that is in use stays in use.
 */
export async function failCertificate(
  ctx: Context,
  lease: CertificateLease,
  { problem, error, directoryUrl, acme }: Failure,
): Promise<void> {
  const { accountId, host } = lease;
  const knowsUs = !(error instanceof AcmeError && error.type === "accountDoesNotExist");
  if (!knowsUs) await acme.forgetAccount(directoryUrl);
  const name = await lease.read();
  const now = ctx.now();
  const attempts = name.attempts + 1;
  const nextAttemptAt = new Date(now.getTime() + orderRetryDelayMs(attempts, problem));
  const orderAgeMs = Math.abs(now.getTime() - (name.orderStartedAt ?? now).getTime());
  const keepsOrder = problem.keepsOrder && knowsUs && orderAgeMs < ORDER_LIFE_MS;
  await ctx.inTransaction(async (db) => {
    await lease.write(
      {
        state: "failing",
        attempts,
        nextAttemptAt,
        lastErrorCode: problem.code,
        lastErrorDetail: problem.message,
        lastErrorAt: now,
        ...(name.attempts === 0 && { stateSince: now }),
        ...(!keepsOrder && { orderUrl: null, orderKeyJwe: null, orderStartedAt: null }),
      },
      db,
    );
    if (name.lastErrorCode !== problem.code) {
      await recordEvent(db, ctx, "certificate.failed", {
        ...(name.domainId && { domainId: name.domainId }),
        host,
        code: problem.code,
        detail: problem.message,
      });
    }
    // A rehearsal has no order.
    if (problem.code === "ca.validation" && name.orderUrl)
      await countFailedValidation(db, { directoryUrl, host, at: now });
    const lane = orderLane({ attempts, lastErrorCode: problem.code }, null, now);
    const options = { ...certificateJobOptions(lane, accountId, host), runAt: nextAttemptAt };
    await enqueueJob(db, "certificate.order", { accountId, host }, options);
  });
}
