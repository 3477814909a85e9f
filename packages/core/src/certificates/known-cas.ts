import { HOUR_MS } from "@waxseal/runtime/time-spans";
/** At most `count` within any `windowMs`. */
export type CaLimit = { readonly count: number; readonly windowMs: number };

/** What a CA publishes about how often it may be asked. */
export type CaLimits = {
  readonly ordersPerAccount: CaLimit;
  readonly certificatesPerRegisteredDomain: CaLimit;
  readonly certificatesPerHost: CaLimit;
  readonly failedValidationsPerHost: CaLimit;
};

const WEEK_MS = 168 * HOUR_MS;

/** By host of the directory URL: where the same checks can be tried without counting. */
const STAGING_URLS: Readonly<Record<string, string>> = {
  "acme-v02.api.letsencrypt.org": "https://acme-staging-v02.api.letsencrypt.org/directory",
};

/** By host of the directory URL. */
const LIMITS: Readonly<Record<string, CaLimits>> = {
  // As published in August 2026.
  "acme-v02.api.letsencrypt.org": {
    ordersPerAccount: { count: 300, windowMs: 3 * HOUR_MS },
    certificatesPerRegisteredDomain: { count: 50, windowMs: WEEK_MS },
    certificatesPerHost: { count: 5, windowMs: WEEK_MS },
    failedValidationsPerHost: { count: 5, windowMs: HOUR_MS },
  },
};

/** By host of the directory URL: names in CAA of CAs that obey RFC 8657. */
const CHECKING_ACCOUNTS: Readonly<Record<string, readonly string[]>> = {
  "acme-v02.api.letsencrypt.org": ["letsencrypt.org"],
  "acme-staging-v02.api.letsencrypt.org": ["letsencrypt.org"],
};

/** The names in CAA of the CA behind a directory URL, if it is known to obey `accounturi` and `validationmethods`. RFC 8657 §3, §4 */
export function findAccountCheckingIdentities(directoryUrl: string): readonly string[] | undefined {
  return CHECKING_ACCOUNTS[new URL(directoryUrl).host];
}

/** The limits of the CA behind a directory URL; undefined: none are known, and only its own 429 holds us back. */
export function findCaLimits(directoryUrl: string): CaLimits | undefined {
  return LIMITS[new URL(directoryUrl).host];
}

/** The directory of the CA's staging twin; undefined: none is known. */
export function findStagingUrl(directoryUrl: string): string | undefined {
  return STAGING_URLS[new URL(directoryUrl).host];
}
