import pg from "pg";
import { type DatabaseAddress, type DatabaseHost, parseDatabaseUrl } from "./parse-database-url.ts";

/** Time-out for a host whose port is open but which does not answer. */
const ASK_TIMEOUT_MS = 3_000;

/** No server of a database accepts writes now, as between the loss of a primary and the promotion of another. */
export class NoPrimary extends Error {
  override name = "NoPrimary";
  /** cannot_connect_now: what Postgres itself says while it starts; callers try again. */
  readonly code = "57P03";
  readonly severity = "FATAL";
}

type Way = {
  url: string;
  find?: (() => Promise<DatabaseHost>) | undefined;
  forget(): void;
  address: DatabaseAddress;
};

/** One for each database and process, so that a found primary serves every pool. */
const ways = new Map<string, Way>();

/**
 * A connection that is not in a pool, to the server that accepts writes where the URL names several. It is one of its own: around a
 * pooler, where the URL names the servers behind it, because LISTEN, locks of a session and migrations need that.
 */
export function createClient(databaseUrl: string, config: pg.ClientConfig = {}): pg.Client {
  const way = findWay(databaseUrl, "direct");
  return new (classFor(way))({ ...config, connectionString: way.url });
}

/**
 * Settings of a pool on a database, whose connections are all to the server that accepts writes. `max` is the most it opens,
 * unless the URL has a `connection_limit`. `isDirect`: around a pooler and that limit, for work that needs sessions.
 */
export function poolConfig(
  databaseUrl: string,
  { max, isDirect = false }: { max: number; isDirect?: boolean },
): pg.PoolConfig {
  const way = findWay(databaseUrl, isDirect ? "direct" : "pooled");
  return {
    connectionString: way.url,
    max: isDirect ? max : (way.address.connectionLimit ?? max),
    connectionTimeoutMillis: 5_000,
    Client: classFor(way),
  };
}

function findWay(databaseUrl: string, kind: "direct" | "pooled"): Way {
  const key = `${kind} ${databaseUrl}`;
  const known = ways.get(key);
  if (known) return known;
  const address = parseDatabaseUrl(databaseUrl);
  if (!address)
    throw new Error("The address of the database is not postgresql://user:password@host:port/database.");
  const hosts = kind === "direct" ? address.directHosts : address.hosts;
  const way = createWay(address, hosts);
  ways.set(key, way);
  return way;
}

function createWay(address: DatabaseAddress, hosts: readonly DatabaseHost[]): Way {
  const url = address.urlOf(hosts[0] ?? "");
  if (!address.needsPrimary) return { url, address, forget: () => undefined };
  let found: Promise<DatabaseHost> | undefined;
  const forget = () => {
    found = undefined;
  };
  const find = () => {
    found ??= findPrimary(address, hosts).catch((error) => {
      forget();
      throw error;
    });
    return found;
  };
  return { url, address, find, forget };
}

/** Asks all hosts at once, so that an unreachable one costs no time, and returns the first that accepts writes. */
async function findPrimary(address: DatabaseAddress, hosts: readonly DatabaseHost[]): Promise<DatabaseHost> {
  try {
    return await Promise.any(hosts.map((host) => isPrimary(address, host)));
  } catch (error) {
    const errors = error instanceof AggregateError ? error.errors : [error];
    // A wrong password or a missing database is the same at every host: it says more than a host that is away.
    throw (
      errors.find((one) => one instanceof pg.DatabaseError) ??
      errors.find((one) => one instanceof NoPrimary) ??
      errors[0]
    );
  }
}

/** The host itself. @throws NoPrimary when it is a standby, or what the connection failed with */
async function isPrimary(address: DatabaseAddress, host: DatabaseHost): Promise<DatabaseHost> {
  const client = new pg.Client({
    connectionString: address.urlOf(host),
    connectionTimeoutMillis: ASK_TIMEOUT_MS,
    query_timeout: ASK_TIMEOUT_MS,
  });
  client.on("error", () => undefined);
  try {
    await client.connect();
    const { rows } = await client.query<{ reads: boolean }>(
      "select pg_is_in_recovery() or current_setting('default_transaction_read_only')::bool as reads",
    );
    if (rows[0]?.reads) throw new NoPrimary(`${host} accepts only reads.`);
    return host;
  } finally {
    // Not awaited: a host that does not answer does not close the connection either.
    client.end().catch(() => undefined);
  }
}

type Connected = (error?: Error) => void;
type Parameter = { parameterName: string; parameterValue: string };

/** A `pg.Client` that connects to the primary; where one host is all there is, `pg.Client` itself. */
function classFor(way: Way): typeof pg.Client {
  const { find, forget, address } = way;
  if (!find) return pg.Client;
  return class PrimaryClient extends pg.Client {
    #isStandby = false;

    constructor(config?: string | pg.ClientConfig) {
      super(config);
      // Postgres says so at the beginning of each session, and again when it changes.
      this.connection.on("parameterStatus", ({ parameterName, parameterValue }: Parameter) => {
        if (parameterName === "in_hot_standby") this.#isStandby = parameterValue === "on";
      });
    }

    override connect(): Promise<pg.Client>;
    override connect(connected: Connected): void;
    override connect(connected?: Connected): Promise<pg.Client> | undefined {
      const connection = this.#connectToPrimary();
      if (!connected) return connection;
      connection.then(
        () => connected(),
        (error) => connected(error),
      );
      return undefined;
    }

    async #connectToPrimary(): Promise<this> {
      try {
        const { host, port } = new pg.Client({ connectionString: address.urlOf((await find?.()) ?? "") });
        Object.assign(this, { host, port });
        await super.connect();
        if (!this.#isStandby) return this;
        await this.end();
        throw new NoPrimary("The server that accepted writes does so no more.");
      } catch (error) {
        // The next connection looks again.
        forget();
        throw error;
      }
    }
  };
}
