import type { Context } from "../context.ts";
import { AcmeError } from "./acme-error.ts";
import type { AcmeDirectories } from "./create-acme-directories.ts";
import { proveHost } from "./prove-host.ts";

type Rehearsal = { host: string; stagingUrl: string; acme: AcmeDirectories; patienceMs: number };

/**
 * Proves a host to the staging twin of a CA, whose limits are generous, before the CA itself is asked again. Nothing is issued.
 * A staging directory that fails on its own side is passed over.
 *
 * @throws CertificateProblem `ca.validation` – the CA would say no again
 */
export async function rehearseOrder(ctx: Context, { host, stagingUrl, acme, patienceMs }: Rehearsal) {
  try {
    const directory = await acme.open(stagingUrl);
    const { authorizationUrls } = await directory.createOrder(host);
    for (const authorizationUrl of authorizationUrls) {
      await proveHost(ctx, { host, authorizationUrl, directory, patienceMs });
    }
  } catch (error) {
    if (!(error instanceof AcmeError)) throw error;
  }
}
