import { randomUUID } from "node:crypto";
import type { CertificateName, Prisma, Transaction } from "@waxseal/db";
import type { Context } from "../context.ts";

/** How long a worker that was killed keeps a name to itself. */
export const CERTIFICATE_LEASE_MS = 15_000;
const HEARTBEAT_MS = CERTIFICATE_LEASE_MS / 3;

/** Another worker has the name now: whatever is under way must stop without writing. */
export class LeaseLost extends Error {
  constructor(host: string) {
    super(`another worker took over ${host}`);
    this.name = "LeaseLost";
  }
}

/** The right to work on one host's certificate. */
export type CertificateLease = {
  readonly accountId: string;
  readonly host: string;
  /** The row now. */
  read(): Promise<CertificateName>;
  /** Writes to the row. @throws LeaseLost */
  write(data: Prisma.CertificateNameUncheckedUpdateManyInput, db?: Transaction): Promise<void>;
};

/**
 * Runs the work while holding the name, or returns `busy` with the time the other's lease ends. The lease is renewed until the
 * work ends, however it ends; a killed worker's lease expires. Its time is Postgres': workers' clocks may differ or jump.
 */
export async function holdCertificateLease<T>(
  ctx: Context,
  host: string,
  work: (lease: CertificateLease) => Promise<T>,
): Promise<T | { outcome: "busy"; until: Date } | { outcome: "absent" }> {
  const { accountId, db } = ctx;
  const owner = randomUUID();
  const leaseSeconds = CERTIFICATE_LEASE_MS / 1_000;
  const mine = { accountId, host, leaseOwner: owner };
  const takenCount = await db.$executeRaw`
    update certificate_name
    set lease_owner = ${owner}, lease_until = clock_timestamp() + make_interval(secs => ${leaseSeconds})
    where account_id = ${accountId} and host = ${host}
      and (lease_until is null or lease_until <= clock_timestamp())`;
  if (takenCount === 0) {
    const other = await db.certificateName.findUnique({ where: { accountId_host: { accountId, host } } });
    if (!other) return { outcome: "absent" };
    return {
      outcome: "busy",
      until: other.leaseUntil ?? new Date(ctx.now().getTime() + CERTIFICATE_LEASE_MS),
    };
  }
  const renew = () => db.$executeRaw`
    update certificate_name set lease_until = clock_timestamp() + make_interval(secs => ${leaseSeconds})
    where account_id = ${accountId} and host = ${host} and lease_owner = ${owner}`;
  const heartbeat = setInterval(() => {
    // A missed beat is no harm; a lost lease shows at the next write.
    renew().catch(() => undefined);
  }, HEARTBEAT_MS);
  try {
    return await work({
      accountId,
      host,
      read: () => db.certificateName.findUniqueOrThrow({ where: { accountId_host: { accountId, host } } }),
      write: async (data, transaction = db) => {
        const { count } = await transaction.certificateName.updateMany({ where: mine, data });
        if (count === 0) throw new LeaseLost(host);
      },
    });
  } finally {
    clearInterval(heartbeat);
    await db.certificateName
      .updateMany({ where: mine, data: { leaseOwner: null, leaseUntil: null } })
      .catch(() => undefined);
  }
}
