import type { CertificateView } from "@waxseal/contract";
import type { Certificate, CertificateName } from "@waxseal/db";
import type { z } from "zod";

/** Where the certificate of a host stands as it is shown; keys and order details stay here. */
export function presentCertificate(
  name: CertificateName,
  certificate: Certificate | undefined,
): z.infer<typeof CertificateView> {
  const { lastErrorCode, lastErrorAt } = name;
  return {
    host: name.host,
    state: name.state,
    stateSince: name.stateSince.toISOString(),
    attempts: name.attempts,
    nextAttemptAt: name.nextAttemptAt?.toISOString() ?? null,
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
