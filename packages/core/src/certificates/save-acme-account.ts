import type { AcmeAccount, Database } from "@waxseal/db";
import { enqueueJob } from "../enqueue-job.ts";
import { CAA_ACCOUNTS_KEY } from "../serving/list-caa-accounts.ts";
import { recordServingChange } from "../serving/record-serving-change.ts";

type Saved = Pick<AcmeAccount, "directoryUrl" | "accountUrl"> & { caaIdentities: readonly string[] };

/**
 * Keeps the URL of our account at a CA and, in the same transaction, has its CAA parameters published: our nameservers are notified, and
 * what another authority holds is compared and published again. Does nothing when it is kept already.
 *
 * RFC 8657 §3
 */
export async function saveAcmeAccount(
  { db, now }: { db: Database; now(): Date },
  kept: AcmeAccount,
  { directoryUrl, accountUrl, caaIdentities }: Saved,
): Promise<void> {
  const named = (url: string | null, identities: readonly string[]) =>
    url === null || identities.length === 0 ? "" : [url, ...identities].join(" ");
  const isSame = kept.accountUrl === accountUrl && kept.caaIdentities.join() === caaIdentities.join();
  if (isSame) return;
  await db.$transaction(async (transaction) => {
    await transaction.acmeAccount.update({
      where: { directoryUrl },
      data: { accountUrl, caaIdentities: [...caaIdentities] },
    });
    if (named(kept.accountUrl, kept.caaIdentities) === named(accountUrl, caaIdentities)) return;
    const job = { key: "record.reconcile" };
    await enqueueJob(transaction, "record.reconcile", { isExpected: true }, job);
    await recordServingChange(transaction, "record", CAA_ACCOUNTS_KEY, now());
  });
}
