import type { CertificateView } from "@waxseal/contract";
import type { Certificate, CertificateName } from "@waxseal/db";
import type { z } from "zod";

/** For a wait that was set before reasons were kept. */
const HELD_REASON =
  "The certificate authority limits how many certificates it issues; this one waits for its turn. Nothing for you to do.";

/** The state of the certificate of a host as it is shown; keys and order details stay here. */
export function presentCertificate(
  name: CertificateName,
  certificate: Certificate | undefined,
): z.infer<typeof CertificateView> {
  const { lastErrorCode, lastErrorAt } = name;
  const held = findHeld(name);
  return {
    host: name.host,
    state: name.state,
    stateSince: name.stateSince.toISOString(),
    attempts: name.attempts,
    nextAttemptAt: (held?.until ?? name.nextAttemptAt)?.toISOString() ?? null,
    held: held && { until: held.until.toISOString(), reason: held.reason },
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

/** The wait for a limit of the CA, if that is what the next order waits for: a failure after it decides when the next attempt is. */
export function findHeld({
  heldUntil,
  heldReason,
  nextAttemptAt,
}: CertificateName): { until: Date; reason: string } | null {
  if (!heldUntil || (nextAttemptAt && nextAttemptAt >= heldUntil)) return null;
  return { until: heldUntil, reason: heldReason ?? HELD_REASON };
}
