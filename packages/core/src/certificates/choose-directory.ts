import type { CertificateName } from "@waxseal/db";

/** Failures in a row before another CA is tried: about half an hour on the retry schedule. */
const FALLBACK_AFTER_ATTEMPTS = 6;

/**
 * Which CA to ask for this name: the one of the order in progress; else the first, unless it has failed on its own side for long
 * enough, then the others in turn.
 */
export function chooseDirectory(
  name: Pick<CertificateName, "directoryUrl" | "orderUrl" | "attempts" | "lastErrorCode">,
  directoryUrls: readonly string[],
): string {
  const [preferred] = directoryUrls;
  if (preferred === undefined) throw new Error("no ACME directory is configured");
  if (name.orderUrl && name.directoryUrl && directoryUrls.includes(name.directoryUrl)) {
    if (name.attempts < FALLBACK_AFTER_ATTEMPTS) return name.directoryUrl;
  }
  const isCasFault = ["ca.unreachable", "ca.unusable"].includes(name.lastErrorCode ?? "");
  if (!isCasFault || name.attempts < FALLBACK_AFTER_ATTEMPTS) return preferred;
  return directoryUrls[(name.attempts - FALLBACK_AFTER_ATTEMPTS + 1) % directoryUrls.length] ?? preferred;
}
