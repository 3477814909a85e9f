import { type Database, listen } from "@waxseal/db";

/**
 * Shows in pg_stat_activity that the job runner `poolId` lives: one connection, named for it, that goes with the process. Returns
 * what ends it.
 */
export function keepAliveSign(databaseUrl: string, poolId: string): () => Promise<void> {
  return listen(databaseUrl, poolId, { onNotify: () => undefined, onConnect: () => undefined });
}

/** The runners that hold jobs or lanes but show no sign of life now. */
export async function findDeadRunners(db: Database): Promise<string[]> {
  const rows = await db.$queryRaw<{ runner: string }[]>`
    select held.runner
    from (select locked_by as runner from graphile_worker._private_jobs
          union select locked_by from graphile_worker._private_job_queues) held
    where held.runner is not null
      and not exists (select 1 from pg_stat_activity where application_name = 'listen ' || held.runner)`;
  return rows.map(({ runner }) => runner);
}
