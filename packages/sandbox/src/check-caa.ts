import type { CaaData } from "dns-packet";
import { type DnsServer, queryDns } from "./query-dns.ts";

/**
 * Why CAA forbids this CA to issue for a name, or undefined when it may.
 *
 * At each step the look-up follows CNAMEs: a set at the target of
 * `mta-sts.<domain>` decides and the owner's own set is not consulted.
 *
 * @throws Error – a look-up failed, which must stop issuance (RFC 8659 §3)
 *
 * `accounturi` must be the account that asks, and `validationmethods` list http-01. RFC 8659 §3, §4, RFC 8657 §3, §4
 */
export async function checkCaa(input: {
  dnsServer: DnsServer;
  name: string;
  caaIdentity: string;
  accountUrl: string;
}): Promise<string | undefined> {
  for (let name = input.name; name.includes("."); name = name.slice(name.indexOf(".") + 1)) {
    const { rcode, answers } = await queryDns({ server: input.dnsServer, name, type: "CAA" });
    if (rcode !== 0 && rcode !== 3) throw new Error(`CAA look-up at ${name} failed with rcode ${rcode}`);
    const set = (answers ?? []).flatMap((answer) => (answer.type === "CAA" ? [answer.data] : []));
    if (set.length > 0) return judge(set, name, input);
  }
  return undefined;
}

function judge(
  set: readonly CaaData[],
  name: string,
  { caaIdentity, accountUrl }: { caaIdentity: string; accountUrl: string },
): string | undefined {
  const known = ["issue", "issuewild", "iodef"];
  const unknown = set.find(
    ({ tag, flags }) => !known.includes(tag.toLowerCase()) && ((flags ?? 0) & 128) !== 0,
  );
  if (unknown)
    return `CAA at ${name} holds the critical property ${unknown.tag}, which this CA does not know`;
  const issuers = set
    .filter(({ tag }) => tag.toLowerCase() === "issue")
    .map(({ value }) => value.split(";").map((part) => part.trim()));
  if (issuers.length === 0) return undefined;
  const ours = issuers.filter(([domain = ""]) => domain.toLowerCase() === caaIdentity);
  if (ours.length === 0) {
    const others = issuers.flatMap(([domain]) => domain || []);
    return `CAA at ${name} allows ${others.join(", ") || "no CA"}, not ${caaIdentity}`;
  }
  const fits = ours.some(([, ...parameters]) =>
    parameters.every((parameter) => {
      const [tag, value = ""] = parameter.split(/=(.*)/s).map((part) => part.trim());
      if (tag === "accounturi") return value === accountUrl;
      return tag !== "validationmethods" || value.split(",").includes("http-01");
    }),
  );
  return fits ? undefined : `CAA at ${name} does not allow the account ${accountUrl} to prove it by http-01`;
}
