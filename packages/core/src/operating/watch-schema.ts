import { findMissingMigrations, listMigrations } from "@waxseal/db/missing-migrations";
import type { SqlDatabase } from "@waxseal/db/sql";

/** Whether the database has the schema that this version needs, and if not, why, in words; `true` also while it cannot be asked. */
export type SchemaNeed = () => Promise<true | string>;

const ASK_AGAIN_MS = 2_000;

/**
 * Asks the database for its schema until it is right, at most every two seconds; then never again, so that a mistake in a shared
 * database cannot take processes out of service that do their job.
 */
export function watchSchema(db: SqlDatabase): SchemaNeed {
  let isRight = false;
  let asked: { atMs: number; answer: Promise<true | string> } | undefined;

  async function ask(): Promise<true | string> {
    const missing = await findMissingMigrations(db).catch(() => undefined);
    if (!missing) return true;
    isRight = missing.length === 0;
    if (isRight) return true;
    return missing.length === listMigrations().length
      ? "The database has no schema yet. Run `waxseal db migrate`."
      : `The database lacks ${missing.length === 1 ? "one migration" : `${missing.length} migrations`} of this version. Run \`waxseal db migrate\`.`;
  }

  return () => {
    if (isRight) return Promise.resolve(true);
    const nowMs = performance.now();
    if (!asked || nowMs - asked.atMs > ASK_AGAIN_MS) asked = { atMs: nowMs, answer: ask() };
    return asked.answer;
  };
}
