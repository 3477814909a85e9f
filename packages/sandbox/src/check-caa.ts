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
 * RFC 8659 §3, §4
 */
export async function checkCaa(input: {
  dnsServer: DnsServer;
  name: string;
  caaIdentity: string;
}): Promise<string | undefined> {
  for (let name = input.name; name.includes("."); name = name.slice(name.indexOf(".") + 1)) {
    const { rcode, answers } = await queryDns({ server: input.dnsServer, name, type: "CAA" });
    if (rcode !== 0 && rcode !== 3) throw new Error(`CAA look-up at ${name} failed with rcode ${rcode}`);
    const set = (answers ?? []).flatMap((answer) => (answer.type === "CAA" ? [answer.data] : []));
    if (set.length > 0) return judge(set, name, input.caaIdentity);
  }
  return undefined;
}

function judge(set: readonly CaaData[], name: string, caaIdentity: string): string | undefined {
  const known = ["issue", "issuewild", "iodef"];
  const unknown = set.find(
    ({ tag, flags }) => !known.includes(tag.toLowerCase()) && ((flags ?? 0) & 128) !== 0,
  );
  if (unknown)
    return `CAA at ${name} holds the critical property ${unknown.tag}, which this CA does not know`;
  const issuers = set
    .filter(({ tag }) => tag.toLowerCase() === "issue")
    .map(({ value }) => (value.split(";")[0] ?? "").trim().toLowerCase());
  if (issuers.length === 0 || issuers.includes(caaIdentity)) return undefined;
  return `CAA at ${name} allows ${issuers.filter(Boolean).join(", ") || "no CA"}, not ${caaIdentity}`;
}
