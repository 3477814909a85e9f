import type { Resolver } from "./create-resolver.ts";
import type { DnsMissing } from "./dns-answer.ts";

/** Something other than a CNAME at a name; TXT strings are joined and cut after 300 characters. */
export type SeenRecord = { readonly type: "A" | "AAAA" | "TXT"; readonly value: string };

/** The CNAME at a name, or why there is none and what is there instead. */
export type CnameLookUp =
  | { readonly found: string }
  | { readonly missing: DnsMissing; readonly seen: readonly SeenRecord[]; readonly detail: string };

const MAX_SEEN = 10;
const MAX_SEEN_LENGTH = 300;

/**
 * The CNAME target at a name (lower-case, no trailing dot), to show an owner what is published.
 *
 * Where a name has records but no CNAME, its addresses and texts are given, at most ten: typically the old
 * policy host, or a TXT record in place of the CNAME.
 */
export async function lookUpCname(resolver: Resolver, name: string): Promise<CnameLookUp> {
  const answer = await resolver.resolveCname(name);
  if ("found" in answer) {
    const [target] = answer.found;
    return target === undefined
      ? { missing: "no-record", seen: [], detail: `${name} has no CNAME record` }
      : { found: target };
  }
  const seen = answer.missing === "no-record" ? await lookUpOthers(resolver, name) : [];
  return { missing: answer.missing, seen, detail: answer.detail };
}

async function lookUpOthers(resolver: Resolver, name: string): Promise<SeenRecord[]> {
  const [addresses, texts] = await Promise.all([resolver.resolveAddresses(name), resolver.resolveTxt(name)]);
  const seen: SeenRecord[] = [];
  for (const { address, family } of "found" in addresses ? addresses.found : []) {
    seen.push({ type: family === 4 ? "A" : "AAAA", value: address });
  }
  for (const strings of "found" in texts ? texts.found : []) {
    seen.push({ type: "TXT", value: strings.join("").slice(0, MAX_SEEN_LENGTH) });
  }
  return seen.slice(0, MAX_SEEN);
}
