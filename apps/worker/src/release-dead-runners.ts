import type { Database } from "@waxseal/db";
import type { Logger } from "@waxseal/runtime";
import { findDeadRunners } from "./keep-alive-sign.ts";

const LOOK_EVERY_MS = 2_000;
/** A living runner may be between two connections. */
const LOOKS_UNTIL_DEAD = 3;

/**
 * Gives the jobs of killed workers back to the queue within seconds; graphile-worker would hold them for four hours. Returns what
 * ends it.
 */
export function releaseDeadRunners(db: Database, logger: Logger): () => void {
  const missedLooks = new Map<string, number>();
  const look = async () => {
    const dead = await findDeadRunners(db);
    for (const runner of missedLooks.keys()) if (!dead.includes(runner)) missedLooks.delete(runner);
    for (const runner of dead) missedLooks.set(runner, (missedLooks.get(runner) ?? 0) + 1);
    const released = dead.filter((runner) => (missedLooks.get(runner) ?? 0) >= LOOKS_UNTIL_DEAD);
    if (released.length === 0) return;
    await db.$queryRaw`select graphile_worker.force_unlock_workers(${released})::text`;
    logger.info({ released }, "jobs of killed workers were released");
  };
  let isLooking = false;
  const timer = setInterval(() => {
    if (isLooking) return;
    isLooking = true;
    look()
      .catch(() => undefined)
      .finally(() => {
        isLooking = false;
      });
  }, LOOK_EVERY_MS);
  return () => clearInterval(timer);
}
