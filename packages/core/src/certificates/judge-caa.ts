import { allowsIssuance, type CaaIssuer, findCaa, type Resolver } from "@waxseal/probes";
import type { HostingSettings } from "../hosting-settings.ts";
import type { DirectoryCaa } from "./acme-directory.ts";

/** `isOurs`: the set that forbids is at a name of the hosted zone, so that it is for us to publish another. */
export type CaaVerdict =
  | { readonly isAllowed: true }
  | { readonly isAllowed: false; readonly isOurs: boolean; readonly reason: string };

/** What broken DNSSEC means for a certificate, and what to do. CA/Browser Forum TLS Baseline Requirements §3.2.2.8.1 */
export const BOGUS_STOPS_CAS =
  "Certificate authorities validate DNSSEC and issue nothing for such a name. Action needed: repair the DNSSEC of the zone, or remove its DS record.";

/**
 * Whether CAA lets a CA issue for a host to our account there; if not, why, for the owner. A CA that is not known to check accounts is
 * judged by its name alone, and one that names none in its directory by the configured ones. Without configured CAs CAA is not looked at.
 *
 * RFC 8659 §3, RFC 8657 §3, §4
 */
export async function judgeCaa(
  { host, caa }: { host: string; caa: DirectoryCaa },
  { resolver, settings }: { resolver: Resolver; settings: HostingSettings },
): Promise<CaaVerdict> {
  if (settings.caaIdentities.length === 0) return { isAllowed: true };
  const identities = caa.identities.length > 0 ? caa.identities : settings.caaIdentities;
  const account = caa.checksAccounts
    ? { accountUrl: caa.accountUrl, validationMethod: "http-01" }
    : undefined;
  const found = await findCaa(resolver, host);
  if ("missing" in found) {
    if (found.missing === "no-record" || found.missing === "no-domain") return { isAllowed: true };
    if (found.isBogus) {
      return { isAllowed: false, isOurs: false, reason: `${found.detail}. ${BOGUS_STOPS_CAS}` };
    }
    const reason = `The CAA look-up for ${host} fails (${found.detail}), and no certificate authority issues while it does. Action needed: ask the operator of that DNS to fix it.`;
    return { isAllowed: false, isOurs: false, reason };
  }
  const issuers = identities.map((identity): CaaIssuer => ({ identity, account }));
  if (allowsIssuance(found.found, issuers)) return { isAllowed: true };
  const isOurs = (found.cnames.at(-1) ?? "").endsWith(`.${settings.hostedZone}`);
  const values = found.found.filter(({ tag }) => tag === "issue").map(({ value }) => `"${value}"`);
  const wanted = `${identities.join(" or ")}${account ? ` to the account ${account.accountUrl}` : ""}`;
  const seen = `CAA at ${found.at} allows ${values.join(", ") || "no authority"}, but our certificates come from ${wanted}.`;
  const advice = isOurs
    ? "In progress – nothing for you to do: that set is ours, and we are publishing it again."
    : "Action needed: allow it there, or publish the CNAME, whose own CAA then counts.";
  return { isAllowed: false, isOurs, reason: `${seen} ${advice}` };
}
