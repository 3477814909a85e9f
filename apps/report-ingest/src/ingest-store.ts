import { type ArrivingReport, findTokenOwners, receiveReport, type TokenOwner } from "@waxseal/core/reports";
import type { Database } from "@waxseal/db";
import { withDeadline } from "@waxseal/runtime/with-deadline";
import { createBatchedLookUp } from "./create-batched-look-up.ts";

/** The two things a listener asks of the database. Both reject when it is away, and soon. */
export type IngestStore = {
  findOwner(token: string): Promise<TokenOwner | undefined>;
  /**
   * Resolves with the ids of the rows once the message is committed.
   * A rejection leaves open whether it is stored: a commit may come after the deadline, or its answer be lost with the connection.
   * The sender must be asked to retry; the second row is then recognised as a copy, and the report counts once.
   */
  receive(arriving: ArrivingReport): Promise<string[]>;
  /** Whether the last messages could be stored, as far as any were tried lately. */
  canWrite(): boolean;
};

/** An upload has to be answered within a second, a sender gives up after ten (Postfix's reporter). */
const LOOK_UP_TIMEOUT_MS = 900;
const RECEIVE_TIMEOUT_MS = 8_000;
/** A process that gets no more messages because it is not ready would never be ready again. */
const FAILURE_COUNTS_MS = 30_000;

/** A token never goes to another account, so a domain that was found may be remembered. */
const REMEMBER_MS = 60_000;
const MAX_REMEMBERED = 20_000;

/**
 * The store on a database. Owners that were found are remembered for a minute; tokens asked for at the same time are looked up together,
 * so that a flood of unknown ones costs Postgres no more than one query at a time.
 */
export function openIngestStore(
  db: Database,
  {
    steadyMs = () => performance.now(),
    receiveTimeoutMs = RECEIVE_TIMEOUT_MS,
  }: { steadyMs?: () => number; receiveTimeoutMs?: number } = {},
): IngestStore {
  const remembered = new Map<string, { owner: TokenOwner; untilMs: number }>();
  const lookUp = createBatchedLookUp((tokens) =>
    withDeadline(findTokenOwners(db, tokens), LOOK_UP_TIMEOUT_MS),
  );

  async function findOwner(token: string): Promise<TokenOwner | undefined> {
    const key = token.toLowerCase();
    const known = remembered.get(key);
    if (known && known.untilMs > steadyMs()) return known.owner;
    const owner = await withDeadline(lookUp(key), LOOK_UP_TIMEOUT_MS);
    remembered.delete(key);
    if (!owner) return undefined;
    const [oldest] = remembered.keys();
    if (remembered.size >= MAX_REMEMBERED && oldest !== undefined) remembered.delete(oldest);
    remembered.set(key, { owner, untilMs: steadyMs() + REMEMBER_MS });
    return owner;
  }

  let failedAtMs: number | undefined;
  async function receive(arriving: ArrivingReport): Promise<string[]> {
    try {
      const ids = await withDeadline(receiveReport(db, arriving), receiveTimeoutMs);
      failedAtMs = undefined;
      return ids;
    } catch (error) {
      failedAtMs = steadyMs();
      throw error;
    }
  }

  return {
    findOwner,
    receive,
    canWrite: () => failedAtMs === undefined || steadyMs() - failedAtMs > FAILURE_COUNTS_MS,
  };
}
