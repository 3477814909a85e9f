import type { CertificateName } from "@waxseal/db";

/** The row of a name for which nothing has happened yet, but for what is given. */
export function testCertificateName(changes: Partial<CertificateName> = {}): CertificateName {
  return {
    accountId: "a1",
    host: "mta-sts.example.com",
    domainId: null,
    state: "waiting",
    stateSince: new Date(Date.UTC(2026, 0, 1)),
    attempts: 0,
    nextAttemptAt: null,
    lastErrorCode: null,
    lastErrorDetail: null,
    lastErrorAt: null,
    leaseOwner: null,
    leaseUntil: null,
    directoryUrl: null,
    orderUrl: null,
    orderKeyJwe: null,
    orderStartedAt: null,
    currentCertificateId: null,
    renewAt: null,
    heldUntil: null,
    heldReason: null,
    windowStart: null,
    windowEnd: null,
    askWindowAt: null,
    ...changes,
  };
}
