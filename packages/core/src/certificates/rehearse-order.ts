import type { Context } from "../context.ts";
import { AcmeError } from "./acme-error.ts";
import { PATIENCE_MS } from "./advance-order.ts";
import type { AcmeDirectories } from "./create-acme-directories.ts";
import { judgeCaa } from "./judge-caa.ts";
import type { PreflightDeps } from "./preflight-certificate.ts";
import { proveHost } from "./prove-host.ts";

type Deps = Pick<PreflightDeps, "resolver" | "settings"> & {
  acme: AcmeDirectories;
  patienceMs?: number | undefined;
};

/**
 * Validates a host at the CA's staging directory, whose limits are generous, before another order at the CA itself. Nothing is issued.
 * A staging directory that has a fault, or whose account CAA does not name (yet), is skipped.
 *
 * @throws CertificateProblem `ca.validation` – the CA would say no again
 *
 * RFC 8657 §3
 */
export async function rehearseOrder(
  ctx: Context,
  { host, stagingUrl }: { host: string; stagingUrl: string },
  deps: Deps,
): Promise<void> {
  const { acme, patienceMs = PATIENCE_MS } = deps;
  try {
    const directory = await acme.open(stagingUrl);
    if (!(await judgeCaa({ host, caa: directory.caa }, deps)).isAllowed) return;
    const { authorizationUrls } = await directory.createOrder(host);
    for (const authorizationUrl of authorizationUrls) {
      await proveHost(ctx, { host, authorizationUrl, directory, patienceMs });
    }
  } catch (error) {
    if (!(error instanceof AcmeError)) throw error;
  }
}
