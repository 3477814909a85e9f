import type { TokenAnswers } from "@waxseal/core/zone";

/** One token's part in what was read from the feed at once. */
export type TokenChange = {
  token: string;
  /** First and last change of it in the feed within what was read. */
  firstSeq: bigint;
  lastSeq: bigint;
  /** Undefined: it has no names. */
  before: TokenAnswers | undefined;
  after: TokenAnswers | undefined;
};

/** What changed between two states of the zone. */
export type ZoneDifference = Pick<TokenChange, "token" | "before" | "after">;

export type ZoneJournal = {
  /** Forgets everything: differences start at `seq`. */
  restart(seq: bigint): void;
  add(changes: readonly TokenChange[]): void;
  /** The difference of the newest state to that at `seq`, each token once; undefined when it is not known. */
  since(seq: bigint): ZoneDifference[] | undefined;
};

const MAX_CHANGES = 20_000;

/**
 * The last 20,000 changes of the zone. It is kept in memory only: states are numbered by the change feed, so another server,
 * or this one after a restart, gives either the same difference or none.
 */
export function createZoneJournal(maxChanges = MAX_CHANGES): ZoneJournal {
  let changes: TokenChange[] = [];
  let startSeq: bigint | undefined;
  return {
    restart: (seq) => {
      changes = [];
      startSeq = seq;
    },
    add: (more) => {
      changes.push(...more);
      // Half of it at once: cutting one off at each change would copy all of them each time.
      if (changes.length <= maxChanges) return;
      const dropped = changes.splice(0, changes.length - Math.trunc(maxChanges / 2));
      for (const { lastSeq } of dropped) if (startSeq !== undefined && lastSeq > startSeq) startSeq = lastSeq;
    },
    since: (seq) => {
      if (startSeq === undefined || seq < startSeq) return undefined;
      const differences = new Map<string, ZoneDifference>();
      for (const { token, firstSeq, lastSeq, before, after } of changes) {
        if (lastSeq <= seq) continue;
        // What was between two changes that were read together was never seen here.
        if (firstSeq <= seq) return undefined;
        differences.set(token, { token, before: (differences.get(token) ?? { before }).before, after });
      }
      return [...differences.values()].filter(({ before, after }) => !isSame(before, after));
    },
  };
}

function isSame(one: TokenAnswers | undefined, other: TokenAnswers | undefined): boolean {
  return (one === undefined) === (other === undefined) && one?.publishedPolicyId === other?.publishedPolicyId;
}
