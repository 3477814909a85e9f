import { createHash } from "node:crypto";
import type { Database, Transaction } from "@waxseal/db";

/** Every background job by name, with its payload. The worker defines one job for each. */
export type JobPayloads = {
  /** Looks at the three CNAMEs and the MX of a domain and acts on what changed. */
  "domain.check": { accountId: string; domainId: string };
  /** Walks the newest policy version to the TXT record (RFC 8461 §8.1). */
  "policy.publish": { accountId: string; domainId: string };
  /** Brings the DNS answers of a domain's token to the authority of the hosted zone. */
  "record.publish": { accountId: string; domainId: string };
  /** Compares what another authority holds for the hosted zone with what it should; `isExpected`: differences are no alarm. */
  "record.reconcile": { isExpected: boolean };
  /** Orders the certificate of a host, or continues its order. */
  "certificate.order": { accountId: string; host: string };
  /** Judges a domain after a fact about it changed. */
  "watch.evaluate": { accountId: string; domainId: string };
  /** Sends a mail of the queue `outgoing_mail`, or tries again later. */
  "mail.send": { mailId: string };
  /** Starts the exit of each domain of a closing account, and deletes the account when all have left. */
  "account.finishClosing": { accountId: string };
  /** Sends the messages about alerts that are due. */
  "notify.send": Record<string, never>;
  /** Deletes the reports of a domain that was deleted. */
  "domain.removeReports": { accountId: string; domainId: string };
  /** Restores the domains that began to leave because the account was being closed since `closingAt`, an ISO instant. */
  "account.restoreDomains": { accountId: string; closingAt: string };
};

/** Name of a job. */
export type JobName = keyof JobPayloads;

/**
 * Puts a job into the queue, in the caller's transaction: it exists exactly if the change that caused it does.
 * A waiting job with the same key is replaced; `runAt` delays it, lower `priority` goes first (0 unless given), jobs of one `queue`
 * run one after another.
 */
export async function enqueueJob<Name extends JobName>(
  db: Transaction,
  name: Name,
  payload: JobPayloads[Name],
  options: { key: string; runAt?: Date; priority?: number; queue?: string },
): Promise<void> {
  // unsafe_dedupe would keep a job that already failed for good; replace is what "do it at this time" means.
  await db.$executeRaw`
    select graphile_worker.add_job(
      ${name}::text,
      payload => ${JSON.stringify(payload)}::json,
      queue_name => ${options.queue ?? laneOf(name, options.key)}::text,
      run_at => coalesce(${options.runAt ?? null}::timestamptz, now()),
      max_attempts => 25,
      priority => ${options.priority ?? 0}::int,
      job_key => ${options.key}::text,
      job_key_mode => 'replace'
    )`;
}

/** Jobs of one lane run one after another: two runs for one domain must not overtake each other at the DNS. */
const PUBLISH_LANES = 64;

/** The queue looks at every lane it has for each job it hands out, so they are few, and only where order matters. */
function laneOf(name: JobName, key: string): string | null {
  if (name !== "policy.publish" && name !== "record.publish") return null;
  const domainId = key.slice(name.length);
  const hash = createHash("sha256").update(domainId).digest().readUInt16BE();
  return `publish/${hash % PUBLISH_LANES}`;
}

/** Queue key of work on one domain: a waiting job with the same key is replaced. */
export function domainJobKey(name: JobName, domainId: string): string {
  return `${name}:${domainId}`;
}

/** Enqueues one job for each of these domains, one transaction per domain; returns how many. */
export async function enqueueDomainJobs(
  db: Database,
  name: "domain.check" | "policy.publish",
  domains: readonly { accountId: string; domainId: string }[],
): Promise<number> {
  for (const payload of domains) {
    const key = domainJobKey(name, payload.domainId);
    await db.$transaction((transaction) => enqueueJob(transaction, name, payload, { key }));
  }
  return domains.length;
}

/** Has a domain judged after a fact about it changed, in the caller's transaction. Several changes at once are one job. */
export function enqueueJudgement(db: Transaction, accountId: string, domainId: string): Promise<void> {
  const key = domainJobKey("watch.evaluate", domainId);
  return enqueueJob(db, "watch.evaluate", { accountId, domainId }, { key });
}
