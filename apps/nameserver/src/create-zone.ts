import { createHash } from "node:crypto";
import { type HostingSettings, parseTargetName, RECORD_KINDS, targetName } from "@waxseal/core";
import {
  type CaaAccount,
  caaValues,
  type DnsRecordSet,
  type TokenAnswers,
  tokenRecords,
} from "@waxseal/core/zone";
import { createZoneJournal, type TokenChange, type ZoneDifference } from "./create-zone-journal.ts";
import type { NameserverAddress } from "./parse-nameserver-addresses.ts";
import { isInZone, staticRecords } from "./static-records.ts";

/** The hosted zone as it is in memory. */
export type Zone = {
  readonly hostedZone: string;
  readonly settings: HostingSettings;
  /** Names what is answered besides the tokens: two servers with other settings have other zones. */
  readonly fingerprint: string;
  /** Undefined until everything has been loaded: nothing may be denied before. */
  serial(): number | undefined;
  /** The end of the change feed that is included. */
  feedSeq(): bigint | undefined;
  /** Whether these are the newest settings that a server runs with. */
  isNewestSettings(): boolean;
  /** All record sets of a name; undefined when there is no such name. Empty: it exists, or names below it do. */
  find(name: string): readonly DnsRecordSet[] | undefined;
  /** Puts everything in place, as it was exactly at `seq`. */
  load(state: {
    seq: bigint;
    tokens: readonly TokenAnswers[];
    caaAccounts: readonly CaaAccount[];
    fingerprint?: string | undefined;
  }): void;
  /**
   * Takes over what changed until exactly `seq`, and the settings that a process started with in between. `caaAccounts`: other ones than
   * before, which changes every token's CAA set. `isAnew`: secondaries are to get everything, not what changed.
   */
  apply(news: {
    seq: bigint;
    tokens: readonly NewAnswers[];
    caaAccounts?: readonly CaaAccount[] | undefined;
    fingerprint?: string | undefined;
    isAnew?: boolean;
  }): void;
  /** Everything but the SOA as it is now, whatever changes while it is read. */
  contents(): Iterable<readonly DnsRecordSet[]>;
  /**
   * What there is to keep of it: the end of the feed it includes, each token with its published id, and what CAA names. Undefined until
   * it is loaded.
   */
  snapshot():
    | {
        seq: bigint;
        tokens: [token: string, policyId: string | undefined][];
        caaAccounts: readonly CaaAccount[];
      }
    | undefined;
  /** What changed since a serial; `newer`: that serial is not older than ours; undefined: not known any more. */
  changesSince(serial: number): ZoneDifference[] | "newer" | undefined;
  /** What a token's names answer with; nothing when it has none. */
  tokenSets(answers: TokenAnswers | undefined): DnsRecordSet[];
  tokenCount(): number;
};

/** What a token answers with after its changes from one place of the feed to another; undefined: nothing any more. */
export type NewAnswers = Omit<TokenChange, "before">;

const HALF_OF_SERIALS = 2 ** 31;
const SERIALS = 2 ** 32;

/** A zone without tokens. Names are lower case without a trailing dot. */
export function createZone(
  settings: HostingSettings,
  nameserverAddresses: readonly NameserverAddress[] = [],
): Zone {
  const { hostedZone } = settings;
  const fixedSets = staticRecords(settings, nameserverAddresses);
  const fixed = new Map<string, DnsRecordSet[]>();
  for (const records of fixedSets) {
    fixed.set(records.name, [...(fixed.get(records.name) ?? []), records]);
  }
  const parents = emptyNonTerminals(settings, fixed.keys());
  const fingerprint = fingerprintOf(settings, fixedSets);
  const journal = createZoneJournal();
  // 60 bytes each: only what differs between tokens is kept.
  let policyIds = new Map<string, string | undefined>();
  let accounts: readonly CaaAccount[] = [];
  // The same for every token.
  let caa = caaValues(settings.caaIdentities, accounts);
  let seenSeq: bigint | undefined;
  // Moves with what is answered only: most of the feed is about policies and certificates.
  let announcedSeq: bigint | undefined;
  let newestFingerprint: string | undefined;

  const answersOf = (token: string): TokenAnswers | undefined =>
    policyIds.has(token) ? { token, publishedPolicyId: policyIds.get(token) } : undefined;
  const serial = () => (announcedSeq === undefined ? undefined : asSerial(announcedSeq));
  const setsWith = (values: typeof caa, answers: TokenAnswers | undefined) =>
    answers ? RECORD_KINDS.flatMap((kind) => tokenRecords(kind, answers, settings, values)) : [];
  const setAccounts = (caaAccounts: readonly CaaAccount[]) => {
    accounts = caaAccounts;
    caa = caaValues(settings.caaIdentities, caaAccounts);
  };

  function* listContents(tokens: readonly string[], ids: readonly (string | undefined)[]) {
    const values = caa;
    yield fixedSets;
    for (const [index, token] of tokens.entries()) {
      yield setsWith(values, { token, publishedPolicyId: ids[index] });
    }
  }

  return {
    hostedZone,
    settings,
    fingerprint,
    serial,
    feedSeq: () => seenSeq,
    isNewestSettings: () => newestFingerprint === undefined || newestFingerprint === fingerprint,
    find: (name) => {
      const found = fixed.get(name);
      if (found) return found;
      if (parents.has(name)) return [];
      const target = parseTargetName(name, hostedZone);
      if (!target || !policyIds.has(target.token)) return undefined;
      const { kind, token } = target;
      return tokenRecords(kind, { token, publishedPolicyId: policyIds.get(token) }, settings, caa);
    },
    load: ({ seq, tokens, caaAccounts, fingerprint: newest }) => {
      setAccounts(caaAccounts);
      policyIds = new Map(tokens.map(({ token, publishedPolicyId }) => [token, publishedPolicyId]));
      [seenSeq, announcedSeq, newestFingerprint] = [seq, seq, newest];
      journal.restart(seq);
    },
    apply: ({ seq, tokens, caaAccounts, fingerprint: newest, isAnew = false }) => {
      const isOther = isAnew || newest !== undefined || caaAccounts !== undefined;
      journal.add(tokens.map((change) => ({ ...change, before: answersOf(change.token) })));
      for (const { token, after } of tokens) {
        if (after) policyIds.set(token, after.publishedPolicyId);
        else policyIds.delete(token);
      }
      if (caaAccounts) setAccounts(caaAccounts);
      seenSeq = seq;
      if (tokens.length > 0 || isOther) announcedSeq = seq;
      newestFingerprint = newest ?? newestFingerprint;
      if (isOther) journal.restart(seq);
    },
    // Two arrays of what is in memory anyway: a change during a long transfer must not show in it.
    contents: () => listContents([...policyIds.keys()], [...policyIds.values()]),
    // The announced place of the feed: what came after it changed no answer, and the serial is the same after a restart.
    snapshot: () =>
      announcedSeq === undefined
        ? undefined
        : { seq: announcedSeq, tokens: [...policyIds], caaAccounts: accounts },
    changesSince: (clientSerial) => {
      const ours = serial();
      if (announcedSeq === undefined || ours === undefined) return undefined;
      const behind = (ours - clientSerial + SERIALS) % SERIALS;
      if (behind === 0 || behind >= HALF_OF_SERIALS) return "newer";
      return journal.since(announcedSeq - BigInt(behind));
    },
    tokenSets: (answers) => setsWith(caa, answers),
    tokenCount: () => policyIds.size,
  };
}

/** A change of settings or of the program changes answers without a change of any token. */
function fingerprintOf(settings: HostingSettings, fixedSets: readonly DnsRecordSet[]): string {
  const sample = { token: "a".repeat(16), publishedPolicyId: "id" };
  const caa = caaValues(settings.caaIdentities, []);
  const sets = RECORD_KINDS.flatMap((kind) => tokenRecords(kind, sample, settings, caa));
  return createHash("sha256")
    .update(JSON.stringify([fixedSets, sets]))
    .digest("hex")
    .slice(0, 32);
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

/** Serials wrap at 32 bits; that of the empty feed is 1. RFC 1982 §3 */
function asSerial(seq: bigint): number {
  return Number(BigInt.asUintN(32, seq + 1n));
}
