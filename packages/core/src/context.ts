import type { Database, Transaction } from "@waxseal/db";

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
  now(): Date;
  /** For reads outside a transaction. */
  db: Database;
  /** Runs the work in one transaction; it is rolled back when the work throws. */
  inTransaction<T>(work: (db: Transaction) => Promise<T>): Promise<T>;
};

/** What a context is made of; a verb never sees it. */
export type ContextSource = { db: Database; now(): Date };

/** Makes the context of one request, job or command. */
export function createContext(source: ContextSource, accountId: string, actor: Actor): Context {
  return {
    accountId,
    actor,
    now: source.now,
    db: source.db,
    inTransaction: (work) => source.db.$transaction(work, { maxWait: 5_000, timeout: 15_000 }),
  };
}

/** The actor of a background job, named for it. */
export function jobActor(name: string): Actor {
  return { kind: "job", id: name, name: "Waxseal" };
}
