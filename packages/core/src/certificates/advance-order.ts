import acme from "acme-client";
import type { Context } from "../context.ts";
import type { SecretBox } from "../secret-box.ts";
import type { AcmeDirectory, AcmeOrder } from "./acme-directory.ts";
import { CertificateProblem } from "./certificate-problem.ts";
import type { CertificateLease } from "./hold-certificate-lease.ts";
import { pollCa } from "./poll-ca.ts";
import { proveHost } from "./prove-host.ts";

type Deps = { secretBox: SecretBox; patienceMs?: number | undefined };

/** How long to wait for a CA within one run; then the job comes again. */
export const PATIENCE_MS = 60_000;

/**
 * Walks an order from its present state to a certificate. The CA's word decides which step is next, never ours, so
 * a run that was cut off repeats nothing that counts.
 *
 * @throws CertificateProblem – the order failed, or the CA needs more time (`keepsOrder`)
 * @throws AcmeError
 *
 * RFC 8555 §7.1.6
 */
export async function advanceOrder(
  ctx: Context,
  lease: CertificateLease,
  { orderUrl, orderKeyJwe, directory }: { orderUrl: string; orderKeyJwe: string; directory: AcmeDirectory },
  { secretBox, patienceMs = PATIENCE_MS }: Deps,
): Promise<{ chainPem: string; keyPem: string; keyJwe: string }> {
  const keyPem = await secretBox.open(orderKeyJwe);
  let order = await directory.getOrder(orderUrl);
  if (order.status === "pending") {
    await lease.write({ state: "validating", stateSince: ctx.now() });
    for (const url of order.authorizationUrls) {
      await proveHost(ctx, { host: lease.host, authorizationUrl: url, directory, patienceMs });
    }
    order = await pollCa(
      () => directory.getOrder(orderUrl),
      ({ status }) => status !== "pending",
      patienceMs,
    );
  }
  if (order.status === "ready") {
    await lease.write({ state: "finalizing", stateSince: ctx.now() });
    const [, csr] = await acme.crypto.createCsr({ altNames: [lease.host] }, keyPem);
    order = await directory.finalizeOrder(order, csr.toString());
  }
  if (order.status === "processing") {
    order = await pollCa(
      () => directory.getOrder(orderUrl),
      ({ status }) => status !== "processing",
      patienceMs,
    );
  }
  return { chainPem: await download(directory, order), keyPem, keyJwe: orderKeyJwe };
}

async function download(directory: AcmeDirectory, order: AcmeOrder): Promise<string> {
  if (order.status === "valid" && order.certificateUrl) return directory.downloadChain(order.certificateUrl);
  const reason = order.error ? `${order.error.detail} (${order.error.type})` : `the order is ${order.status}`;
  throw new CertificateProblem("ca.refused", `The certificate authority did not issue: ${reason}.`);
}
