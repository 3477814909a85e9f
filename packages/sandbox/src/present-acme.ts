import type { AcmeAuthorization, AcmeOrder } from "./create-order-book.ts";
import type { AcmeAccount } from "./open-acme-accounts.ts";

/** RFC 8555 §7.1.2 */
export function presentAccount(account: AcmeAccount, base: string) {
  return { status: account.status, contact: account.contact, orders: `${base}/account/${account.id}/orders` };
}

/** RFC 8555 §7.1.3 */
export function presentOrder(order: AcmeOrder, base: string) {
  return {
    status: order.status,
    expires: order.expiresAt.toISOString(),
    identifiers: order.names.map((value) => ({ type: "dns", value })),
    authorizations: order.authorizations.map(({ id }) => `${base}/authz/${id}`),
    finalize: `${base}/order/${order.id}/finalize`,
    ...(order.profile && { profile: order.profile }),
    ...(order.replaces && { replaces: order.replaces }),
    ...(order.error && { error: order.error }),
    ...(order.certificateId && { certificate: `${base}/certificate/${order.certificateId}` }),
  };
}

/** RFC 8555 §7.1.4 */
export function presentAuthorization(authorization: AcmeAuthorization, base: string) {
  return {
    status: authorization.status,
    expires: authorization.expiresAt.toISOString(),
    identifier: { type: "dns", value: authorization.name },
    challenges: [presentChallenge(authorization, base)],
  };
}

/** RFC 8555 §8.3 */
export function presentChallenge({ id, token, challenge }: AcmeAuthorization, base: string) {
  return {
    type: "http-01",
    url: `${base}/challenge/${id}`,
    token,
    status: challenge.status,
    ...(challenge.validatedAt && { validated: challenge.validatedAt.toISOString() }),
    ...(challenge.error && { error: challenge.error }),
  };
}
