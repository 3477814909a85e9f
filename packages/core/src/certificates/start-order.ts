import { generateKeyPairSync } from "node:crypto";
import type { Context } from "../context.ts";
import type { SecretBox } from "../secret-box.ts";
import type { AcmeDirectory, AcmeOrder } from "./acme-directory.ts";
import { AcmeError } from "./acme-error.ts";
import type { HeldOrder } from "./budget-rules.ts";
import { CertificateProblem } from "./certificate-problem.ts";
import type { CertificateLease } from "./hold-certificate-lease.ts";

type Renewal = {
  /** Id of the certificate it replaces. */
  replaces: string;
  /** Counts an order that replaces nothing, or says until when that is held back. */
  reserve(): Promise<HeldOrder | undefined>;
};

/**
 * Makes the certificate's key, keeps it sealed, and places the order; both are in the row when this returns. A key is made for
 * every order, so no two certificates share one.
 *
 * RFC 8555 §7.4
 */
export async function startOrder(
  ctx: Context,
  lease: CertificateLease,
  directory: AcmeDirectory,
  { secretBox, renewal }: { secretBox: SecretBox; renewal?: Renewal | undefined },
): Promise<{ orderUrl: string; orderKeyJwe: string }> {
  const { privateKey } = generateKeyPairSync("ec", { namedCurve: "P-256" });
  const orderKeyJwe = await secretBox.seal(privateKey.export({ type: "pkcs8", format: "pem" }).toString());
  await lease.write({ orderKeyJwe, orderStartedAt: ctx.now() });
  const { url: orderUrl } = await placeOrder(ctx, lease.host, directory, renewal);
  await lease.write({ orderUrl });
  return { orderUrl, orderKeyJwe };
}

/** Once with what it replaces, and if the CA says that this was replaced already once without; never more. RFC 9773 §5 */
async function placeOrder(
  ctx: Context,
  host: string,
  directory: AcmeDirectory,
  renewal: Renewal | undefined,
): Promise<AcmeOrder> {
  if (!renewal) return directory.createOrder(host);
  try {
    return await directory.createOrder(host, { replaces: renewal.replaces });
  } catch (error) {
    if (!(error instanceof AcmeError && error.type === "alreadyReplaced")) throw error;
  }
  const held = await renewal.reserve();
  if (!held) return directory.createOrder(host);
  const retryAfterMs = held.heldUntil.getTime() - ctx.now().getTime();
  throw new CertificateProblem("ca.rateLimited", held.reason, { retryAfterMs });
}
