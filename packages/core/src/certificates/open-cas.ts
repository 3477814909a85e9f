import type { AcmeDirectories } from "./create-acme-directories.ts";
import { findStagingUrl } from "./known-cas.ts";

/**
 * Opens every CA and the staging twins that are known, so that we have an account at each and CAA names it before the first order there. One
 * that cannot be opened now is left for later. Returns how many are open. Safe to repeat: what is open stays open.
 *
 * RFC 8657 §3
 */
export async function openCas(acme: AcmeDirectories, directoryUrls: readonly string[]): Promise<number> {
  const urls = new Set(directoryUrls.flatMap((url) => [url, findStagingUrl(url) ?? url]));
  const opened = await Promise.allSettled([...urls].map((url) => acme.open(url)));
  return opened.filter(({ status }) => status === "fulfilled").length;
}
