import { isIP } from "node:net";
import type { Context } from "../context.ts";
import type { AcmeDirectory } from "./acme-directory.ts";
import { AcmeError } from "./acme-error.ts";
import { CertificateProblem } from "./certificate-problem.ts";
import { explainAcmeRefusal } from "./explain-acme-refusal.ts";
import { pollCa } from "./poll-ca.ts";
import { publishChallenge, removeChallenge } from "./publish-challenge.ts";

type Proof = { host: string; authorizationUrl: string; directory: AcmeDirectory; patienceMs: number };

/**
 * Proves control of a host to a CA by http-01: every policy server answers the challenge before the CA is asked to validate.
 * Nothing is done for an authorization that is valid already.
 *
 * @throws CertificateProblem `ca.validation` – the CA looked and did not get our answer
 * @throws AcmeError
 *
 * RFC 8555 §7.5.1, §8.3
 */
export async function proveHost(ctx: Context, { host, authorizationUrl, directory, patienceMs }: Proof) {
  const { status, http01 } = await directory.getAuthorization(authorizationUrl);
  if (status === "valid") return;
  if (status !== "pending") throw validationFailed(host, http01?.error);
  if (!http01) throw new AcmeError("unusable", "The CA offers no http-01 challenge");

  const { token, url } = http01;
  await publishChallenge(ctx, { token, keyAuthorization: await directory.keyAuthorization(token), host });
  if (http01.status === "pending") await directory.startValidation(url);
  const judged = await pollCa(
    () => directory.getAuthorization(authorizationUrl),
    (answer) => answer.status !== "pending",
    patienceMs,
  );
  // While the CA may still look the answer stays; it expires later.
  await removeChallenge(ctx, token);
  if (judged.status !== "valid") throw validationFailed(host, judged.http01?.error);
}

function validationFailed(host: string, reason: { type: string; detail: string } | undefined) {
  const said = explainAcmeRefusal(reason ? [reason.type] : []);
  const seenAt = findAddress(reason?.detail ?? "");
  const at = seenAt === undefined ? "" : ` It looked at ${seenAt}.`;
  return new CertificateProblem(
    "ca.validation",
    `The certificate authority could not verify ${host}: ${said}${at}`,
    { cause: reason },
  );
}

/** The first IP address in a text of the CA: it shows an owner which server answered. */
function findAddress(text: string): string | undefined {
  return text
    .slice(0, 1_000)
    .split(/[\s"'()[\],;/]+/)
    .map((word) => word.replace(/:$/, ""))
    .map((word) => (isIP(word) > 0 ? word : word.replace(/:\d+$/, "")))
    .find((word) => isIP(word) > 0);
}
