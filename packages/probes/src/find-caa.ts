import type { Resolver } from "./create-resolver.ts";
import type { CaaRecord, DnsAnswer } from "./dns-answer.ts";

/** The CAA set that decides, `at` the name whose look-up gave it. */
export type FoundCaa =
  | { readonly found: readonly CaaRecord[]; readonly at: string; readonly cnames: readonly string[] }
  | Extract<DnsAnswer<CaaRecord>, { missing: string }>;

const MAX_LABELS = 127;

/**
 * The CAA set that a CA must obey for this host.
 *
 * Starts at the host, where CNAMEs are followed (a set at the target decides), and climbs the host's own parents, never those of a
 * CNAME target. `no-record` means that any CA may issue; every other `missing` stops a CA.
 *
 * RFC 8659 §3
 */
export async function findCaa(resolver: Resolver, host: string): Promise<FoundCaa> {
  const labels = host.replace(/\.$/, "").split(".");
  for (let index = 0; index < Math.min(labels.length, MAX_LABELS); index++) {
    const at = labels.slice(index).join(".");
    const answer = await resolver.resolveCaa(at);
    if ("found" in answer) return { found: answer.found, at, cnames: answer.cnames };
    if (answer.missing !== "no-record" && answer.missing !== "no-domain") return answer;
  }
  return { missing: "no-record", cnames: [], detail: `No CAA record at ${host} or above` };
}

/** Who asks: a CA by its CAA identity (`letsencrypt.org`), and the account, if the CA is known to check it. */
export type CaaIssuer = {
  readonly identity: string;
  readonly account?: { readonly accountUrl: string; readonly validationMethod: string } | undefined;
};

/**
 * Whether this CAA set lets one of these CAs issue for a name without wildcard.
 *
 * A critical tag that we do not know forbids; without any `issue` tag all are allowed. With an account, `accounturi` must be its URL
 * and `validationmethods` list its method wherever they are; given twice they match no CA. Other parameters are not judged.
 *
 * RFC 8659 §4.1, §4.2, RFC 8657 §3, §4
 */
export function allowsIssuance(caa: readonly CaaRecord[], issuers: readonly CaaIssuer[]): boolean {
  const known = new Set(["issue", "issuewild", "iodef", "issuemail", "issuevmc"]);
  if (caa.some(({ isCritical, tag }) => isCritical && !known.has(tag))) return false;
  const issue = caa.filter(({ tag }) => tag === "issue");
  return (
    issue.length === 0 || issue.some(({ value }) => issuers.some((issuer) => allowsIssuer(value, issuer)))
  );
}

function allowsIssuer(value: string, { identity, account }: CaaIssuer): boolean {
  const [domain = "", ...parameters] = value.split(";").map((part) => part.trim());
  if (domain.toLowerCase() !== identity.toLowerCase()) return false;
  if (!account) return true;
  const given = (name: string) =>
    parameters.flatMap((parameter) => {
      const [tag = "", ...rest] = parameter.split("=");
      return tag.trim().toLowerCase() === name ? [rest.join("=").trim()] : [];
    });
  const urls = given("accounturi");
  const methods = given("validationmethods");
  return (
    (urls.length === 0 || (urls.length === 1 && urls[0] === account.accountUrl)) &&
    (methods.length === 0 ||
      (methods.length === 1 && (methods[0] ?? "").split(",").includes(account.validationMethod)))
  );
}
