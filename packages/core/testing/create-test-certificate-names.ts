import type { CertificateName, Database } from "@waxseal/db";
import { type CertificateLease, holdCertificateLease } from "../src/certificates/hold-certificate-lease.ts";
import { type Context, createContext, jobActor } from "../src/context.ts";

type Started = { host: string; hold<T>(work: (lease: CertificateLease) => Promise<T>): Promise<unknown> };

/** Names of one account that want a certificate. */
export type TestCertificateNames = {
  ctx: Context;
  /** A new name with this row; `hold` works on it under its lease. */
  start(row?: Partial<CertificateName>): Promise<Started>;
  where(host: string): { accountId_host: { accountId: string; host: string } };
  read(host: string): Promise<CertificateName>;
};

/** Names of the account `a1`, for tests. */
export function createTestCertificateNames(db: Database, now: () => Date): TestCertificateNames {
  const accountId = "a1";
  const ctx = createContext({ db, now }, accountId, jobActor("test"));
  const where = (host: string) => ({ accountId_host: { accountId, host } });
  let count = 0;
  return {
    ctx,
    where,
    read: (host) => db.certificateName.findUniqueOrThrow({ where: where(host) }),
    start: async (row = {}) => {
      const host = `mta-sts.n${count++}.example`;
      await db.certificateName.create({ data: { accountId, host, stateSince: now(), ...row } });
      return { host, hold: (work) => holdCertificateLease(ctx, host, work) };
    },
  };
}
