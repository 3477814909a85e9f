import type { CertificateName } from "@waxseal/db";

/** Whether the last attempt at a certificate failed. A new attempt after it is not a success yet. */
export function isCertificateFailing({
  state,
  attempts,
}: Pick<CertificateName, "state" | "attempts">): boolean {
  return state === "failing" || (attempts > 0 && state !== "issued" && state !== "stopped");
}
