import type { PublicKey } from "@peculiar/x509";
import { findProfileLifeMs } from "./acme-profiles.ts";
import type { AcmeDeps } from "./acme-routes.ts";
import type { AcmeOrder } from "./create-order-book.ts";
import type { AcmeAccount } from "./open-acme-accounts.ts";

// Clients' clocks run late: a certificate is good an hour before it was made.
const BACKDATE_MS = 3600 * 1000;

/**
 * Makes the certificate of an order whose names are proved, and answers with its id.
 *
 * The certificate it replaces counts as replaced from now on (RFC 9773 §5).
 */
export async function issueAcmeCertificate(
  deps: AcmeDeps,
  { account, order, publicKey }: { account: AcmeAccount; order: AcmeOrder; publicKey: PublicKey },
): Promise<string> {
  const now = deps.now().getTime();
  const lifeMs = findProfileLifeMs(order.profile) ?? 0;
  const chainPem = await deps.authority.certify({
    names: order.names,
    publicKey,
    notBefore: new Date(now - BACKDATE_MS),
    notAfter: new Date(now - BACKDATE_MS + lifeMs),
  });
  const certificate = await deps.issued.add(account.id, chainPem, deps.now());
  const predecessor = order.replaces === undefined ? undefined : deps.issued.get(order.replaces);
  if (predecessor) await deps.issued.mark(predecessor, { isReplaced: true });
  return certificate.id;
}
