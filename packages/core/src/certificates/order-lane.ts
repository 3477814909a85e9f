import type { Certificate, CertificateName } from "@waxseal/db";
import { certificateJobKey } from "./certificate-job-key.ts";

/**
 * Who goes first: `emergency`, less than a twentieth of the life left; `slow`, failing again and again for a reason that is not the
 * CA's; `normal`, all others.
 */
export type OrderLane = "emergency" | "normal" | "slow";

/** Failures in a row: about ten minutes on the retry schedule. */
export const SLOW_AFTER_ATTEMPTS = 5;
/** They pass when the CA does better, and say nothing about the name. */
export const CA_FAULTS: readonly string[] = ["ca.unreachable", "ca.unusable", "ca.slow", "ca.rateLimited"];

/** The lane of a name, by its failures and by the certificate in use, if any. */
export function orderLane(
  name: Pick<CertificateName, "attempts" | "lastErrorCode">,
  current: Pick<Certificate, "notBefore" | "notAfter"> | null | undefined,
  now: Date,
): OrderLane {
  if (name.attempts >= SLOW_AFTER_ATTEMPTS && !CA_FAULTS.includes(name.lastErrorCode ?? "")) return "slow";
  if (!current) return "normal";
  const lifeMs = current.notAfter.getTime() - current.notBefore.getTime();
  return current.notAfter.getTime() - now.getTime() < lifeMs / 20 ? "emergency" : "normal";
}

const PRIORITY: Readonly<Record<OrderLane, number>> = { emergency: -10, normal: 0, slow: 10 };
/** Number of slow-lane names in progress at a time, for any number of workers. */
const SLOW_QUEUES = 2;

/** How the job for a name is queued. */
export function certificateJobOptions(lane: OrderLane, accountId: string, host: string) {
  const key = certificateJobKey(accountId, host);
  const priority = PRIORITY[lane];
  return lane === "slow"
    ? { key, priority, queue: `certificate/slow${host.length % SLOW_QUEUES}` }
    : { key, priority };
}
