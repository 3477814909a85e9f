import type { SqlDatabase } from "@waxseal/db/sql";
import { clearCondition, raiseCondition } from "./operator-condition.ts";
import { processSubject } from "./process-subject.ts";

const LONG_MS = 60_000;

/**
 * Warns the operator while an app cannot write its state to STATE_DIR: after a restart without the database it would serve what was
 * written last.
 */
export async function tellStateAge(db: SqlDatabase, app: string, ageMs: number): Promise<void> {
  const key = { code: "state-not-written", subject: processSubject(app) } as const;
  if (ageMs < LONG_MS) return clearCondition(db, key);
  const minutes = Math.floor(ageMs / 60_000);
  const text = `${key.subject} has not been able to write its state to disk for ${minutes} ${minutes === 1 ? "minute" : "minutes"}: check the room in STATE_DIR.`;
  await raiseCondition(db, { ...key, text, detail: { ageSeconds: Math.round(ageMs / 1_000) } });
}
