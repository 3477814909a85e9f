import { type HostingSettings, parseTargetName, RECORD_KINDS, targetName } from "@waxseal/core";
import { type DnsRecordSet, type TokenAnswers, tokenRecords } from "@waxseal/core/publishing";
import { isInZone, staticRecords } from "./static-records.ts";

/** The hosted zone as it is in memory. */
export type Zone = {
  readonly hostedZone: string;
  readonly settings: HostingSettings;
  /** Undefined until everything has been loaded: nothing may be denied before. */
  serial(): number | undefined;
  /** All record sets of a name; undefined when there is no such name. Empty: it exists, or names below it do. */
  find(name: string): readonly DnsRecordSet[] | undefined;
  set(answers: TokenAnswers): void;
  remove(token: string): void;
  replaceAll(all: readonly TokenAnswers[]): void;
  setSeq(seq: bigint): void;
  tokenCount(): number;
};

/** A zone without tokens. Names are lower case without a trailing dot. */
export function createZone(settings: HostingSettings): Zone {
  const { hostedZone } = settings;
  const fixed = new Map<string, DnsRecordSet[]>();
  for (const records of staticRecords(settings)) {
    fixed.set(records.name, [...(fixed.get(records.name) ?? []), records]);
  }
  const parents = emptyNonTerminals(settings, fixed.keys());
  // 60 bytes each: only what differs between tokens is kept.
  let policyIds = new Map<string, string | undefined>();
  let serial: number | undefined;
  return {
    hostedZone,
    settings,
    serial: () => serial,
    find: (name) => {
      const found = fixed.get(name);
      if (found) return found;
      if (parents.has(name)) return [];
      const target = parseTargetName(name, hostedZone);
      if (!target || !policyIds.has(target.token)) return undefined;
      const { kind, token } = target;
      return tokenRecords(kind, { token, publishedPolicyId: policyIds.get(token) }, settings);
    },
    set: ({ token, publishedPolicyId }) => void policyIds.set(token, publishedPolicyId),
    remove: (token) => void policyIds.delete(token),
    replaceAll: (all) => {
      policyIds = new Map(all.map(({ token, publishedPolicyId }) => [token, publishedPolicyId]));
    },
    setSeq: (seq) => {
      serial = asSerial(seq);
    },
    tokenCount: () => policyIds.size,
  };
}

/** Names without records above names with records. RFC 8020 §2 */
function emptyNonTerminals(settings: HostingSettings, names: Iterable<string>): Set<string> {
  const { hostedZone } = settings;
  const parents = new Set([hostedZone]);
  const anyToken = RECORD_KINDS.map((kind) => targetName(kind, "token", hostedZone));
  for (const name of [...names, ...anyToken]) {
    const labels = name.split(".");
    for (let cut = 1; cut < labels.length; cut += 1) {
      const parent = labels.slice(cut).join(".");
      if (isInZone(parent, hostedZone)) parents.add(parent);
    }
  }
  return parents;
}

/** Serials wrap at 32 bits, and 0 is best avoided. RFC 1982 §3 */
function asSerial(seq: bigint): number {
  return Number(BigInt.asUintN(32, seq)) || 1;
}
