import { setTimeout as wait } from "node:timers/promises";
import type { Database } from "@waxseal/db";
import { createNetworkGate, type NetworkGate, networkOf } from "@waxseal/probes";

/** Our connections to one provider network at a time, of all processes together. */
const PER_NETWORK = 2;
/** Our connections to MX hosts in a minute, of all processes together, unless the operator sets another limit. */
export const CONNECTIONS_A_MINUTE = 60;
/** Longer than a connection lasts: one whose process has died counts for so long. */
const LEASE_SECONDS = 30;
const ASK_AGAIN_MS = 200;
const KEPT_SECONDS = 300;

/**
 * A gate for connections to MX hosts that all processes share through the database: at most two at a time to one provider network and
 * `aMinute` started in a minute. Those of one process wait in order; a connection of a process that died ends after 30 seconds. Those to this
 * machine itself, as in the sandbox, put no load on other people's servers and are not counted.
 */
export function createConnectionGate(db: Database, aMinute: number = CONNECTIONS_A_MINUTE): NetworkGate {
  const enterHere = createNetworkGate(PER_NETWORK);
  return async (address, deadline) => {
    const leaveHere = await enterHere(address, deadline);
    if (!leaveHere || isThisMachine(address)) return leaveHere;
    try {
      for (;;) {
        const id = await openConnection(db, networkOf(address), aMinute);
        if (id !== undefined) return () => void closeConnection(db, id).finally(leaveHere);
        await wait(ASK_AGAIN_MS * (1 + Math.random()), undefined, { signal: deadline });
      }
    } catch (error) {
      leaveHere();
      if (deadline?.aborted) return undefined;
      throw error;
    }
  };
}

function isThisMachine(address: string): boolean {
  return /^(?:::ffff:)?127\.|^::1$/.test(address);
}

/** Counted under one lock, so that two processes do not both take the last place. */
async function openConnection(db: Database, network: string, aMinute: number): Promise<string | undefined> {
  const opened = await db.$transaction(async (tx) => {
    await tx.$executeRaw`select pg_advisory_xact_lock(hashtextextended('mx_connection', 0))`;
    return tx.$queryRaw<{ id: string }[]>`
      insert into mx_connection (id, network, started_at, until)
      select gen_random_uuid(), ${network}, clock_timestamp(), clock_timestamp() + make_interval(secs => ${LEASE_SECONDS})
      where (select count(*) from mx_connection where network = ${network} and until > clock_timestamp()) < ${PER_NETWORK}::int
        and (select count(*) from mx_connection
          where started_at > clock_timestamp() - interval '1 minute') < ${aMinute}::int
      returning id::text`;
  });
  return opened[0]?.id;
}

/** A connection that cannot be closed here ends with its lease. */
async function closeConnection(db: Database, id: string): Promise<void> {
  await db.$executeRaw`
    with old as (delete from mx_connection where started_at < clock_timestamp() - make_interval(secs => ${KEPT_SECONDS}))
    update mx_connection set until = clock_timestamp() where id = ${id}::uuid`.catch(() => undefined);
}

/**
 * Waits until this many connections may be started in this minute, or `withinMs` have passed. Returns whether they may.
 */
export async function awaitConnections(
  db: Pick<Database, "$queryRaw">,
  { count, withinMs, aMinute }: { count: number; withinMs: number; aMinute?: number | undefined },
): Promise<boolean> {
  for (const startedAt = performance.now(); ; await wait(5 * ASK_AGAIN_MS)) {
    if ((await countConnectionsLeft(db, aMinute)) >= count) return true;
    if (performance.now() - startedAt >= withinMs) return false;
  }
}

/** How many connections to MX hosts may still be started in this minute, by the database's time. */
export async function countConnectionsLeft(
  db: Pick<Database, "$queryRaw">,
  aMinute: number = CONNECTIONS_A_MINUTE,
): Promise<number> {
  const [row] = await db.$queryRaw<{ count: number }[]>`
    select count(*)::int as count from mx_connection where started_at > clock_timestamp() - interval '1 minute'`;
  return aMinute - (row?.count ?? 0);
}
