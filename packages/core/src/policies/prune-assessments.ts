import type { Database } from "@waxseal/db";

const KEPT_DAYS = 90;

/**
 * Deletes assessments that stopped being valid 90 days ago, by the database's time. What a person acknowledged stays in the event
 * of the version. Returns how many.
 */
export async function pruneAssessments(db: Database): Promise<{ assessments: number }> {
  const assessments = await db.$executeRaw`
    delete from policy_assessment where valid_until < clock_timestamp() - make_interval(days => ${KEPT_DAYS})`;
  return { assessments };
}
