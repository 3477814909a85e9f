import type { CertificateName, Domain, Transaction } from "@waxseal/db";
import { certificateJobKey } from "../certificates/certificate-job-key.ts";
import { stopCertificate } from "../certificates/stop-certificate.ts";
import type { Context } from "../context.ts";
import type { CheckedRecord } from "../domains/check-domain-record.ts";
import { enqueueJob } from "../enqueue-job.ts";
import { ownerName } from "../setup-names.ts";
import { CHECKS_UNTIL_GONE } from "./check-domain-schedule.ts";

/**
 * Starts the certificate of a domain when its policyHost points at us, wakes it when that came back, and stops it when the
 * record has been gone for many checks in a row: a CA must not be bothered for names that moved away. A person who asks for a check
 * gets a new look at what stopped us before the CA.
 */
export async function followPolicyHost(
  db: Transaction,
  ctx: Context,
  domain: Domain,
  seen: { record: CheckedRecord; checksSinceChange: number; isAsked: boolean },
): Promise<void> {
  const { accountId } = ctx;
  const { record, checksSinceChange, isAsked } = seen;
  const host = ownerName("policyHost", domain.domain);
  const name = await db.certificateName.findUnique({ where: { accountId_host: { accountId, host } } });
  if (record.state === "correct") {
    if (name && !waitsForDns(name) && !(isAsked && failedPreflight(name))) return;
    const at = ctx.now();
    const fresh = { state: "waiting", stateSince: at, attempts: 0, nextAttemptAt: at } as const;
    await db.certificateName.upsert({
      where: { accountId_host: { accountId, host } },
      create: { accountId, host, domainId: domain.id, ...fresh },
      update: name?.state === "stopped" ? { ...fresh, domainId: domain.id, renewAt: null } : fresh,
    });
    const key = certificateJobKey(accountId, host);
    await enqueueJob(db, "certificate.order", { accountId, host }, { key });
    return;
  }
  const isGone = record.state !== "unreachable" && checksSinceChange >= CHECKS_UNTIL_GONE;
  if (isGone && name) await stopCertificate(db, ctx, host);
}

/** Whether the last attempt ended before any CA was asked. */
function failedPreflight(name: CertificateName): boolean {
  return name.state === "failing" && (name.lastErrorCode ?? "").startsWith("preflight.");
}

/** Whether the only thing missing was the record that has now been seen. */
function waitsForDns(name: CertificateName): boolean {
  if (name.state === "stopped") return true;
  const isOwners = ["preflight.cname", "preflight.dns"].includes(name.lastErrorCode ?? "");
  return name.state === "failing" && isOwners;
}
