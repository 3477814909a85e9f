import { AcmeError, EXTERNAL_ACCOUNT } from "./acme-error.ts";
import { explainAcmeRefusal } from "./explain-acme-refusal.ts";

/**
 * Why a certificate could not be issued, by who has to act.
 *
 * - `preflight.cname`: the owner's CNAME is missing or points elsewhere
 * - `preflight.dns`: the owner's DNS does not answer
 * - `preflight.caa`: a CAA set forbids our CAs
 * - `preflight.http`: the challenge cannot be fetched from our network
 * - `ca.unreachable`: the CA does not answer
 * - `ca.rateLimited`: the CA wants us to wait
 * - `ca.validation`: the CA could not fetch the challenge
 * - `ca.refused`: the CA refused for another reason
 * - `ca.unusable`: the CA's answer makes no sense
 * - `ca.slow`: the CA is still working on it
 */
export type CertificateProblemCode =
  | "preflight.cname"
  | "preflight.dns"
  | "preflight.caa"
  | "preflight.http"
  | "ca.unreachable"
  | "ca.rateLimited"
  | "ca.validation"
  | "ca.refused"
  | "ca.unusable"
  | "ca.slow";

type Facts = { keepsOrder?: boolean; retryAfterMs?: number | undefined; cause?: unknown };

/** A step towards a certificate that did not succeed; the message is for the owner: what was seen, what was expected, who has to act. */
export class CertificateProblem extends Error {
  readonly code: CertificateProblemCode;
  /** Whether the order at the CA can still be finished. */
  readonly keepsOrder: boolean;
  /** The least time the CA wants to pass. */
  readonly retryAfterMs: number | undefined;

  constructor(code: CertificateProblemCode, message: string, facts: Facts = {}) {
    super(message, facts.cause === undefined ? undefined : { cause: facts.cause });
    this.name = "CertificateProblem";
    this.code = code;
    this.keepsOrder = facts.keepsOrder ?? false;
    this.retryAfterMs = facts.retryAfterMs;
  }
}

/** What a CA's failure means for the owner of a host; undefined for an error that is no CA's. */
export function findCertificateProblem(error: unknown, directoryUrl: string): CertificateProblem | undefined {
  if (error instanceof CertificateProblem) return error;
  if (!(error instanceof AcmeError)) return undefined;
  const ca = `The certificate authority (${new URL(directoryUrl).host})`;
  const { retryAfterMs } = error;
  const facts = { cause: error, retryAfterMs };
  if (error.kind === "unreachable") {
    const text = `${ca} does not answer at the moment. Nothing for you to do: we keep trying.`;
    return new CertificateProblem("ca.unreachable", text, { ...facts, keepsOrder: true });
  }
  if (error.type === EXTERNAL_ACCOUNT) {
    const text = `${ca} wants an external account binding that it knows. The operator of this installation has to set or correct ACME_EAB_KID and ACME_EAB_HMAC_KEY.`;
    return new CertificateProblem(error.kind === "refused" ? "ca.refused" : "ca.unusable", text, facts);
  }
  if (error.kind === "unusable") {
    const text = `${ca} sent an answer that we cannot use. Nothing for you to do: we try again and look into it.`;
    return new CertificateProblem("ca.unusable", text, facts);
  }
  if (error.type === "rateLimited") {
    const text = `${ca} asks us to wait, because its limit is reached. Nothing for you to do: we try again later.`;
    return new CertificateProblem("ca.rateLimited", text, { ...facts, keepsOrder: true });
  }
  const code = error.type === "caa" ? "preflight.caa" : "ca.refused";
  const types = [error.type, ...error.subproblems.map(({ type }) => type)];
  return new CertificateProblem(code, `${ca} refused the certificate: ${explainAcmeRefusal(types)}`, facts);
}
