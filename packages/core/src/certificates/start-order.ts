import { generateKeyPairSync } from "node:crypto";
import type { Context } from "../context.ts";
import type { SecretBox } from "../secret-box.ts";
import type { AcmeDirectory } from "./acme-directory.ts";
import type { CertificateLease } from "./hold-certificate-lease.ts";

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
  secretBox: SecretBox,
): Promise<{ orderUrl: string; orderKeyJwe: string }> {
  const { privateKey } = generateKeyPairSync("ec", { namedCurve: "P-256" });
  const orderKeyJwe = await secretBox.seal(privateKey.export({ type: "pkcs8", format: "pem" }).toString());
  await lease.write({ orderKeyJwe, orderStartedAt: ctx.now() });
  const { url: orderUrl } = await directory.createOrder(lease.host);
  await lease.write({ orderUrl });
  return { orderUrl, orderKeyJwe };
}
