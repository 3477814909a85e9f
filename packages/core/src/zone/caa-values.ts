import type { CaaValue } from "./dns-record-set.ts";

/** An ACME account of ours at a CA that is known to check it before it issues. */
export type CaaAccount = {
  accountUrl: string;
  /** The names of that CA in CAA. */
  caaIdentities: readonly string[];
};

/**
 * The CAA properties that let our CAs issue, and no wildcards: for each CA identity (lower case) one `issue` for every account we
 * have there, only for that account and only by http-01; for a CA without one, the CA as a whole. The order follows the identities.
 *
 * Without identities there are none: the owner's own CAA then decides, as it would without us.
 *
 * RFC 8659 §4.2, RFC 8657 §3, §4
 */
export function caaValues(identities: readonly string[], accounts: readonly CaaAccount[]): CaaValue[] {
  if (identities.length === 0) return [];
  const issuers = identities.flatMap((identity) => {
    const urls = accounts
      .filter(({ caaIdentities }) => caaIdentities.includes(identity))
      .map(({ accountUrl }) => accountUrl)
      .toSorted();
    return urls.length === 0 ? [identity] : urls.map((url) => formatAccountIssuer(identity, url));
  });
  return [
    ...issuers.map((value) => ({ flags: 0, tag: "issue" as const, value })),
    { flags: 0, tag: "issuewild", value: ";" },
  ];
}

function formatAccountIssuer(identity: string, accountUrl: string): string {
  return `${identity}; accounturi=${accountUrl}; validationmethods=http-01`;
}
