import type { HostingSettings } from "../hosting-settings.ts";
import type { AcmeDirectory } from "./acme-directory.ts";
import type { AcmeDirectories } from "./create-acme-directories.ts";
import { findStagingUrl } from "./known-cas.ts";

/** `unnamed`: directories of CAs that our CAA sets forbid to issue, since the configured identities are not theirs. */
export type OpenedCas = { opened: number; unnamed: string[] };

type Deps = {
  acme: AcmeDirectories;
  directoryUrls: readonly string[];
  settings: Pick<HostingSettings, "caaIdentities">;
};

/**
 * Opens every CA and the staging twins that are known, so that we have an account at each and CAA names it before the first order
 * there. One that cannot be opened now is left for later. Safe to repeat: what is open stays open.
 *
 * RFC 8657 §3, RFC 8659 §4.2
 */
export async function openCas({ acme, directoryUrls, settings }: Deps): Promise<OpenedCas> {
  const urls = new Set(directoryUrls.flatMap((url) => [url, findStagingUrl(url) ?? url]));
  const results = await Promise.allSettled([...urls].map((url) => acme.open(url)));
  const opened = results.flatMap((result) => (result.status === "fulfilled" ? [result.value] : []));
  const unnamed = opened.filter((directory) => !isNamed(directory, settings));
  return { opened: opened.length, unnamed: unnamed.map(({ directoryUrl }) => directoryUrl) };
}

function isNamed({ caa }: AcmeDirectory, { caaIdentities }: Deps["settings"]): boolean {
  if (caaIdentities.length === 0 || caa.identities.length === 0) return true;
  return caa.identities.some((identity) => caaIdentities.includes(identity));
}
