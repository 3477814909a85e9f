import type { CertificateView } from "@waxseal/contract";
import type { Certificate, CertificateName } from "@waxseal/db";
import type { z } from "zod";

/** Why an order waits though nothing is wrong with the name. */
const HELD_REASON =
  "Many certificates are being ordered, and the certificate authority limits how many there may be at a time. This one waits for its turn. Nothing for you to do.";

/** Where the certificate of a host stands as it is shown; keys and order details stay here. */
export function presentCertificate(
  name: CertificateName,
  certificate: Certificate | undefined,
): z.infer<typeof CertificateView> {
  const { lastErrorCode, lastErrorAt } = name;
  const heldUntil = findHeldUntil(name);
  return {
    host: name.host,
    state: name.state,
    stateSince: name.stateSince.toISOString(),
    attempts: name.attempts,
    nextAttemptAt: (heldUntil ?? name.nextAttemptAt)?.toISOString() ?? null,
    held: heldUntil && { until: heldUntil.toISOString(), reason: HELD_REASON },
    lastError:
      lastErrorCode !== null && lastErrorAt !== null
        ? { code: lastErrorCode, detail: name.lastErrorDetail ?? "", at: lastErrorAt.toISOString() }
        : null,
    current: certificate
      ? {
          issuer: certificate.issuer,
          serial: certificate.serial,
          fingerprint256: certificate.fingerprint256,
          notBefore: certificate.notBefore.toISOString(),
          notAfter: certificate.notAfter.toISOString(),
          renewAt: name.renewAt?.toISOString() ?? null,
        }
      : null,
  };
}

/** A failure after the wait decides when the next attempt is. */
export function findHeldUntil({ heldUntil, nextAttemptAt }: CertificateName): Date | null {
  return heldUntil && (!nextAttemptAt || heldUntil > nextAttemptAt) ? heldUntil : null;
}
