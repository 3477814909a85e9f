import type { Grantee } from "@waxseal/contract";
import { type Database, type ReportsDatabase, reportsOf, type Transaction } from "@waxseal/db";

/** Who does something: shown in the timeline and the audit log. */
export type Actor =
  | { kind: "user"; id: string; name: string }
  | { kind: "apiKey"; id: string; name: string }
  | { kind: "job"; id: string; name: string }
  | { kind: "operator"; id: string; name: string };

/** What every verb is given: which tenant, who, when, and the database. */
export type Context = {
  /** The tenant. Every query of a verb is filtered by it. */
  accountId: string;
  actor: Actor;
  /** What the actor may do; `system` (jobs and the operator) may everything. */
  role: Grantee | "system";
  now(): Date;
  /** For reads outside a transaction. */
  db: Database;
  /** The tables of reports, which may be in another database. */
  reports: ReportsDatabase;
  /** Runs the work in one transaction over state; it is rolled back when the work throws. */
  inTransaction<T>(work: (db: Transaction) => Promise<T>): Promise<T>;
};

/** What a context is made of; a verb never sees it. */
export type ContextSource = { db: Database; now(): Date };

/**
 * Makes the context of one request, job or command.
 *
 * Without a `role` a job or the operator may everything, and a user or API key may only read.
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
