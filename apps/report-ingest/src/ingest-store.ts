import { type ArrivingReport, findTokenOwner, receiveReport, type TokenOwner } from "@waxseal/core/reports";
import type { Database } from "@waxseal/db";
import { withDeadline } from "./with-deadline.ts";

/** The two things a listener asks of the database. Both reject when it is away, and soon. */
export type IngestStore = {
  findOwner(token: string): Promise<TokenOwner | undefined>;
  /** Resolves once the message is committed; the ids of its rows. */
  receive(arriving: ArrivingReport): Promise<string[]>;
};

/** An upload has to be answered within a second, a sender gives up after ten (Postfix's reporter). */
const LOOK_UP_TIMEOUT_MS = 900;
const RECEIVE_TIMEOUT_MS = 8_000;

/** The store on a database. */
export function openIngestStore(db: Database): IngestStore {
  return {
    findOwner: (token) => withDeadline(findTokenOwner(db, token), LOOK_UP_TIMEOUT_MS),
    receive: (arriving) => withDeadline(receiveReport(db, arriving), RECEIVE_TIMEOUT_MS),
  };
}
