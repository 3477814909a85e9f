import { randomBytes } from "node:crypto";
import { hostname } from "node:os";
import type { ServingChange, ServingNodeKind } from "@waxseal/db";
import { listen } from "@waxseal/db/listen";
import type { SqlDatabase } from "@waxseal/db/sql";
import { withDeadline } from "@waxseal/runtime/with-deadline";
import { findNewestServingSeq } from "./find-newest-serving-seq.ts";
import { listServingChanges } from "./list-serving-changes.ts";
import { SERVING_CHANNEL } from "./record-serving-change.ts";
import { endServingLease, LEASE_MS, renewServingLease } from "./renew-serving-lease.ts";

/** Applies a finished read at once. Not called when the read took too long: a newer one may be in force. */
export type TakeEffect = () => void;

/** A node that answers from memory. */
export type ServingNodeDeps = {
  db: SqlDatabase;
  databaseUrl: string;
  kind: ServingNodeKind;
  now(): Date;
  /** A clock that is never set, in milliseconds; the process' own unless given. */
  steadyMs?(): number;
  /** The end of the feed that what is in memory already includes; undefined: nothing is in memory. */
  startSeq: bigint | undefined;
  /** Reads everything again. */
  readAll(): Promise<TakeEffect>;
  /** Re-reads the keys of these changes, oldest first. */
  readChanged(changes: readonly ServingChange[]): Promise<TakeEffect>;
  /** After each change of memory: it now includes the feed up to `seq`. */
  onCurrent?(seq: bigint): void;
  /** Once when the database is lost, again only after it was back. */
  onLost(error: Error): void;
};

/** Keeps a node's memory equal to the database. */
export type ServingFollower = {
  /** Undefined: answer at once. Otherwise wait for it, not for long, and ask again. */
  behind(): Promise<void> | undefined;
  /** Whether memory holds everything the database held at some time. */
  isLoaded(): boolean;
  /** Whether the database has answered within the lease. */
  isConnected(): boolean;
  /** Reads the feed as it is from now on; resolves when that has succeeded or failed. Never throws. */
  catchUp(): Promise<void>;
  stop(): Promise<void>;
};

/** Three rounds within a lease: two may be lost. */
const ROUND_MS = 3_000;
/** Publishing stops waiting when the lease ends; answering as if nothing had changed ends a little before. */
const LEASE_MARGIN_MS = 1_000;
const READ_DEADLINE_MS = 5_000;
/** A million domains take a while. */
const READ_ALL_DEADLINE_MS = 180_000;
const CHANGES_PER_READ = 500;

/**
 * Follows the change feed: reads everything once, then what is announced, and holds the node's lease.
 *
 * A node that was away (paused, cut off) for longer than its lease is `behind()` until it has read the feed, or has
 * tried to and failed: without the database nothing can have been published, so answering on is right.
 */
export function followServingChanges(deps: ServingNodeDeps): ServingFollower {
  const startedAt = deps.now();
  const id = `${deps.kind}-${hostname().slice(0, 40)}-${randomBytes(6).toString("hex")}`;
  let seenSeq = deps.startSeq;
  // What was kept on disk may be of another database: once the feed was read, everything is read too.
  let memory: "kept" | "unchecked" | "checked" = deps.startSeq === undefined ? "checked" : "kept";
  let lost = false;
  let stopped = false;
  const steadyMs = deps.steadyMs ?? (() => performance.now());
  let renewed = { atMs: Number.NEGATIVE_INFINITY, steadyMs: Number.NEGATIVE_INFINITY };
  let hasFailedSince = false;
  let running: Promise<void> | undefined;
  let queued: Promise<void> | undefined;

  /** Uses the clock that is ahead: one can be set back, and the other stops while the machine sleeps. */
  const sinceRenewalMs = () => Math.max(deps.now().getTime() - renewed.atMs, steadyMs() - renewed.steadyMs);
  const isPastLease = () => sinceRenewalMs() >= LEASE_MS - LEASE_MARGIN_MS;

  async function round(): Promise<void> {
    const begun = { atMs: deps.now().getTime(), steadyMs: steadyMs() };
    let seq = memory === "unchecked" ? undefined : seenSeq;
    for (;;) {
      const step = await readNext(deps, seq);
      if (stopped) return;
      step.takeEffect();
      if (step.seq !== seenSeq) deps.onCurrent?.(step.seq);
      seq = step.seq;
      seenSeq = seq;
      if (step.isAll) memory = "checked";
      if (step.isEnd) break;
    }
    const renewal = renewServingLease(deps.db, { id, kind: deps.kind, startedAt, seenSeq: seq });
    await withDeadline(renewal, READ_DEADLINE_MS);
    renewed = begun;
    [hasFailedSince, lost] = [false, false];
    if (memory === "kept") memory = "unchecked";
  }

  async function attempt(): Promise<void> {
    try {
      // The second try has a new connection: those of before a pause are often dead.
      await round().catch(round);
    } catch (error) {
      hasFailedSince = isPastLease();
      if (!lost && !stopped) deps.onLost(error instanceof Error ? error : new Error(String(error)));
      lost = true;
    }
  }

  function catchUp(): Promise<void> {
    if (running) {
      queued ??= running.then(() => {
        queued = undefined;
        return catchUp();
      });
      return queued;
    }
    if (stopped) return Promise.resolve();
    running = attempt().finally(() => {
      running = undefined;
    });
    return running;
  }

  const stopListening = listen(deps.databaseUrl, SERVING_CHANNEL, {
    onNotify: () => void catchUp(),
    onConnect: () => void catchUp(),
  });
  const timer = setInterval(() => void catchUp(), ROUND_MS);
  void catchUp();

  return {
    behind: () => (hasFailedSince || !isPastLease() ? undefined : catchUp()),
    isLoaded: () => seenSeq !== undefined,
    isConnected: () => sinceRenewalMs() < LEASE_MS,
    catchUp,
    stop: async () => {
      stopped = true;
      clearInterval(timer);
      await stopListening();
      await running;
      await withDeadline(endServingLease(deps.db, id), 2_000).catch(() => undefined);
    },
  };
}

type Step = { takeEffect: TakeEffect; seq: bigint; isAll: boolean; isEnd: boolean };

async function readNext(deps: ServingNodeDeps, seq: bigint | undefined): Promise<Step> {
  if (seq !== undefined) {
    const { changes, complete } = await withDeadline(
      listServingChanges(deps.db, seq, CHANGES_PER_READ),
      READ_DEADLINE_MS,
    );
    if (complete) {
      return {
        takeEffect:
          changes.length > 0
            ? await withDeadline(deps.readChanged(changes), READ_DEADLINE_MS)
            : () => undefined,
        seq: changes.at(-1)?.seq ?? seq,
        isAll: false,
        isEnd: changes.length < CHANGES_PER_READ,
      };
    }
  }
  // Before everything else: a change made while we read is then read again.
  const newestSeq = await withDeadline(findNewestServingSeq(deps.db), READ_DEADLINE_MS);
  const takeEffect = await withDeadline(deps.readAll(), READ_ALL_DEADLINE_MS);
  return { takeEffect, seq: newestSeq, isAll: true, isEnd: false };
}
