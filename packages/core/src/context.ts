import type { Grantee } from "@waxseal/contract";
import { type Database, type ReportsDatabase, reportsOf, type Transaction } from "@waxseal/db";

/** The person, key, job or operator that acts, as the timeline and the audit log show it. */
export type Actor =
  | { kind: "user"; id: string; name: string }
  | { kind: "apiKey"; id: string; name: string }
  | { kind: "job"; id: string; name: string }
  | { kind: "operator"; id: string; name: string };

/** The arguments that every verb shares: the tenant, the actor, the clock and the database. */
export type Context = {
  /** The tenant. Every query of a verb is filtered by it. */
  accountId: string;
  actor: Actor;
  /** What the actor is allowed to do; `system` (jobs and the operator) is allowed everything. */
  role: Grantee | "system";
  now(): Date;
  /** For reads outside a transaction. */
  db: Database;
  /** The tables of reports, which may be in another database. */
  reports: ReportsDatabase;
  /** Runs the work in one transaction over state; it is rolled back when the work throws. */
  inTransaction<T>(work: (db: Transaction) => Promise<T>): Promise<T>;
};

/** The parts of a context that the process supplies; verbs never see it. */
export type ContextSource = { db: Database; now(): Date };

/**
 * Makes the context of one request, job or command.
 *
 * Without a `role`, a job or the operator is allowed everything, and a user or API key is allowed to read only.
 */
export function createContext(
  source: ContextSource,
  accountId: string,
  actor: Actor,
  role: Grantee = "viewer",
): Context {
  return {
    accountId,
    actor,
    role: actor.kind === "job" || actor.kind === "operator" ? "system" : role,
    now: source.now,
    db: source.db,
    reports: reportsOf(source.db),
    inTransaction: (work) => source.db.$transaction(work),
  };
}

/** The actor of a background job, named for it. */
export function jobActor(name: string): Actor {
  return { kind: "job", id: name, name: "Waxseal" };
}
