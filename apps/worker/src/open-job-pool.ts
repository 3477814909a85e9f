import { setTimeout as delay } from "node:timers/promises";
import { poolConfig } from "@waxseal/db/connect";
import type { Logger } from "@waxseal/runtime";
import pg from "pg";

export type JobPool = {
  pool: pg.Pool;
  /** Names the runner whose jobs these are, as soon as it has a name. */
  setRunner(runnerId: string): void;
  /** Waits a moment for ended jobs that are still to be written down, then closes all connections. */
  close(): Promise<void>;
};

type Options = { databaseUrl: string; max: number; logger: Pick<Logger, "warn"> };

/** What graphile-worker calls the queries by which it ends a job. */
const ENDS_A_JOB = /^(complete|fail)_job(s|_q)?\//;
const FIRST_RETRY_MS = 100;
const LONGEST_RETRY_MS = 5_000;
const CLOSE_PATIENCE_MS = 2_000;

/**
 * Opens the connections of one graphile-worker runner. Not graphile-worker's own pool: that one stops listening for errors before its
 * connections are closed, and an error in between ends the process.
 *
 * graphile-worker 0.18 does not wait for the query that marks a job as done or failed. A lost connection would reject a promise that
 * no code handles, which ends the process; were it only ignored, the job would stay locked for four hours. Such a query is therefore
 * repeated here until Postgres has taken it, as long as the job is still this runner's.
 */
export function openJobPool({ databaseUrl, max, logger }: Options): JobPool {
  const unwritten = new Set<Promise<unknown>>();
  let runnerId = "";
  const pool = new RunnerPool(poolConfig(databaseUrl, { max, isDirect: true }), (query) => {
    const written = endJob(pool, query, () => runnerId, logger);
    unwritten.add(written);
    void written.then(() => unwritten.delete(written));
    return written;
  });
  // The runner learns of a lost connection from its next query.
  pool.on("error", () => undefined);
  pool.on("connect", (client) => client.on("error", () => undefined));
  return {
    pool,
    setRunner: (id) => {
      runnerId = id;
    },
    close: async () => {
      await Promise.race([Promise.all(unwritten), delay(CLOSE_PATIENCE_MS, undefined, { ref: false })]);
      await pool.end();
    },
  };
}

type EndQuery = pg.QueryConfig & { name: string };
type Connected = (error: Error | undefined, client: pg.PoolClient | undefined, release: Release) => void;
type Release = (error?: Error | boolean) => void;

/** A pool that passes the queries that end a job to `end`. */
class RunnerPool extends pg.Pool {
  readonly #end: (query: EndQuery) => Promise<unknown>;

  constructor(config: pg.PoolConfig, end: (query: EndQuery) => Promise<unknown>) {
    super(config);
    this.#end = end;
  }

  override connect(): Promise<pg.PoolClient>;
  override connect(connected: Connected): void;
  override connect(connected?: Connected): Promise<pg.PoolClient> | undefined {
    if (!connected) return Promise.resolve(this.#connectLater());
    super.connect((error, client, release) => connected(error, client, onlyOnce(release)));
    return undefined;
  }

  connectNow(): Promise<pg.PoolClient> {
    return super.connect();
  }

  /** A connection that is taken out of the pool with its first query; one that only ends jobs needs none of its own. */
  #connectLater(): pg.PoolClient {
    let client: Promise<pg.PoolClient> | undefined;
    const query = async (text: string | pg.QueryConfig, values?: unknown[]) => {
      if (isEndQuery(text)) return this.#end(text);
      client ??= this.connectNow();
      return typeof text === "string" ? (await client).query(text, values) : (await client).query(text);
    };
    const release = async () => {
      const taken = await client?.catch(() => undefined);
      taken?.release();
    };
    return asPoolClient({ query, release });
  }
}

function isEndQuery(query: string | pg.QueryConfig): query is EndQuery {
  return typeof query !== "string" && query.name !== undefined && ENDS_A_JOB.test(query.name);
}

/** graphile-worker calls nothing else of the connections that it asks for with a promise. */
function asPoolClient(client: object): pg.PoolClient {
  return client as pg.PoolClient;
}

/** graphile-worker releases its listening connection twice when it is lost while the runner stops. */
function onlyOnce(release: Release): Release {
  let isReleased = false;
  return (error) => {
    if (isReleased) return;
    isReleased = true;
    release(error);
  };
}

/** Never rejects: resolves when Postgres has taken the query, or the pool is closed. */
async function endJob(
  pool: RunnerPool,
  query: EndQuery,
  runnerId: () => string,
  logger: Pick<Logger, "warn">,
): Promise<unknown> {
  for (let retryMs = FIRST_RETRY_MS, isFirst = true; ; isFirst = false) {
    try {
      return await (isFirst ? pool.query(query) : endHeldJob(pool, query, runnerId()));
    } catch (error) {
      if (pool.ending) return undefined;
      if (isFirst) logger.warn({ err: error }, "the end of a job could not be stored; retrying");
    }
    await delay(retryMs);
    retryMs = Math.min(retryMs * 2, LONGEST_RETRY_MS);
  }
}

/**
 * The same for a later try: while Postgres was away, another worker may have taken the job, and graphile-worker deletes a completed
 * job even when another worker holds it. Failing a job checks that already.
 */
async function endHeldJob(pool: RunnerPool, query: EndQuery, runnerId: string): Promise<unknown> {
  if (query.name.startsWith("fail")) return pool.query(query);
  const client = await pool.connectNow();
  try {
    await client.query("begin");
    const ids = [query.values?.[0]].flat();
    const held = await client.query(
      "select from graphile_worker._private_jobs where id = any($1::bigint[]) and locked_by = $2 for update",
      [ids, runnerId],
    );
    const ended = held.rowCount === 0 ? undefined : await client.query(query);
    await client.query("commit");
    client.release();
    return ended;
  } catch (error) {
    client.release(true);
    throw error;
  }
}
