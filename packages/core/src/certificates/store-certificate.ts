import { createPrivateKey, X509Certificate } from "node:crypto";
import acme from "acme-client";
import type { Context } from "../context.ts";
import { domainJobKey, enqueueJob } from "../enqueue-job.ts";
import { recordEvent } from "../record-event.ts";
import { recordServingChange } from "../serving/record-serving-change.ts";
import { AcmeError } from "./acme-error.ts";
import type { CertificateLease } from "./hold-certificate-lease.ts";
import { renewalTime } from "./renewal-time.ts";

type Issued = {
  chainPem: string;
  keyPem: string;
  /** The same key, sealed. */
  keyJwe: string;
  directoryUrl: string;
  domainId: string | null;
};

/** Spreads the first renewal queries of certificates that were issued together. */
const FIRST_ASK_WITHIN_MS = 12 * 3_600_000;

/**
 * Stores an issued certificate as the current one of its host and ends the order, in one transaction. It notifies the policy servers and
 * continues the publication of the domain's policy.
 *
 * @throws AcmeError `unusable` – it is not for this host or not for our key; it is not stored then
 */
export async function storeCertificate(
  ctx: Context,
  lease: CertificateLease,
  issued: Issued,
  { random }: { random(): number },
): Promise<void> {
  const { accountId, host } = lease;
  const { chainPem, keyJwe, directoryUrl, domainId } = issued;
  const facts = readCertificate(host, issued);
  const now = ctx.now();
  await ctx.inTransaction(async (db) => {
    const { id } = await db.certificate.create({
      data: { accountId, host, chainPem, keyJwe, directoryUrl, createdAt: now, ...facts },
    });
    const done = {
      orderUrl: null,
      orderKeyJwe: null,
      orderStartedAt: null,
      attempts: 0,
      nextAttemptAt: null,
    };
    await lease.write(
      {
        ...done,
        state: "issued",
        stateSince: now,
        lastErrorCode: null,
        lastErrorDetail: null,
        lastErrorAt: null,
        currentCertificateId: id,
        renewAt: renewalTime(facts, random()),
        windowStart: null,
        windowEnd: null,
        askWindowAt: new Date(now.getTime() + random() * FIRST_ASK_WITHIN_MS),
      },
      db,
    );
    const { issuer, notAfter } = facts;
    await recordEvent(db, ctx, "certificate.issued", {
      ...(domainId && { domainId }),
      host,
      issuer,
      notAfter: notAfter.toISOString(),
    });
    if (domainId) {
      const key = domainJobKey("policy.publish", domainId);
      await enqueueJob(db, "policy.publish", { accountId, domainId }, { key });
    }
    await recordServingChange(db, "certificate", host, now);
  });
}

function readCertificate(host: string, { chainPem, keyPem }: Issued) {
  try {
    const [leafPem = ""] = acme.crypto.splitPemChain(chainPem);
    const leaf = new X509Certificate(leafPem);
    if (leaf.checkHost(host) !== undefined && leaf.checkPrivateKey(createPrivateKey(keyPem))) {
      return {
        issuer: describeIssuer(leaf.issuer),
        serial: leaf.serialNumber,
        fingerprint256: leaf.fingerprint256,
        notBefore: leaf.validFromDate,
        notAfter: leaf.validToDate,
      };
    }
  } catch (cause) {
    throw new AcmeError("unusable", "The CA issued something that is not a certificate", { cause });
  }
  throw new AcmeError("unusable", `The CA issued a certificate that is not for ${host} and our key`);
}

/** `C=US\nO=Let's Encrypt\nCN=E7` becomes `Let's Encrypt E7`. */
function describeIssuer(distinguishedName: string): string {
  const part = (name: string) => new RegExp(`^${name}=(.*)$`, "m").exec(distinguishedName)?.[1];
  return [part("O"), part("CN")].filter(Boolean).join(" ") || distinguishedName.replaceAll("\n", ", ");
}
