import { blameHandshakeFailure, type HandshakeFailures, type PolicyFetches } from "@waxseal/core/serving";
import { networkOf } from "@waxseal/runtime";
import { HOUR_MS } from "@waxseal/runtime/time-spans";
import { withDeadline } from "@waxseal/runtime/with-deadline";

/** Counts what is answered, in memory, and writes it now and then. Counting never waits and never throws. */
export type FetchLog = {
  countFetch(fetch: {
    policyHost: string;
    /** 0: nothing was served. */
    version: number;
    status: number;
    clientAddress: string | undefined;
  }): void;
  /** `policyHost` is empty for a name nothing is served at: names strangers make up are not kept. */
  countFailure(policyHost: string, reason: string, clientAddress?: string): void;
  /** Writes what there is; what cannot be written is kept and tried again. Never throws. */
  flush(): Promise<void>;
  /** Answers that could not be kept, since the start. */
  lost(): number;
  /** Writes once more and ends. */
  stop(): Promise<void>;
};

type Deps = {
  now(): Date;
  writeFetches(fetches: readonly PolicyFetches[]): Promise<void>;
  writeFailures(failures: readonly HandshakeFailures[]): Promise<void>;
  onError(error: unknown): void;
  bounds?: FetchLogBounds;
};

export type FetchLogBounds = {
  /** Kept apart until they are written, about 200 bytes each; beyond, clients are of the network `other`. */
  maxEntries: number;
  /** Client networks kept apart within an hour: of one policy host, and of all. What bounds the table. */
  maxNetworksPerHost: number;
  maxNetworks: number;
};

const BOUNDS: FetchLogBounds = { maxEntries: 20_000, maxNetworksPerHost: 100, maxNetworks: 50_000 };
const FLUSH_MS = 10_000;
const ROWS_PER_STATEMENT = 2_000;
const WRITE_DEADLINE_MS = 8_000;
const LAST_FLUSH_MS = 3_000;
const OTHER = "other";
/** The prefix lengths by which the fetch log separates networks: what is usually announced as one (RFC 7454 §6.1.3). */
const LOGGED_SIZES = { ipv4: 24, ipv6: 48 };
const PREFIX = "mta-sts.";

export function createFetchLog(deps: Deps): FetchLog {
  const { maxEntries, maxNetworksPerHost, maxNetworks } = deps.bounds ?? BOUNDS;
  let fetches = new Map<string, PolicyFetches>();
  let failures = new Map<string, HandshakeFailures>();
  /** A set only for those with several: most have one. */
  let networksOf = new Map<string, string | Set<string>>();
  let networks = 0;
  let hour = new Date(0);
  let lost = 0;
  let running: Promise<void> | undefined;

  /** One object for all of an hour. */
  function currentHour(): Date {
    const hourMs = Math.floor(deps.now().getTime() / HOUR_MS) * HOUR_MS;
    if (hourMs !== hour.getTime()) {
      hour = new Date(hourMs);
      networksOf = new Map();
      networks = 0;
    }
    return hour;
  }

  function keepApart(policyHost: string, network: string): string {
    const known = networksOf.get(policyHost);
    if (known === network || (known instanceof Set && known.has(network))) return network;
    const count = known instanceof Set ? known.size : known === undefined ? 0 : 1;
    if (networks >= maxNetworks || count >= maxNetworksPerHost) return OTHER;
    networks += 1;
    if (known instanceof Set) known.add(network);
    else networksOf.set(policyHost, known === undefined ? network : new Set([known, network]));
    return network;
  }

  function addFetches(added: PolicyFetches): void {
    for (const network of [added.network, OTHER]) {
      const key = `${added.domain} ${added.hour.getTime()} ${added.version} ${added.status} ${network}`;
      const known = fetches.get(key);
      if (known) {
        known.fetches += added.fetches;
        return;
      }
      // Twice: the second half is for what is of the network "other".
      if (fetches.size < (network === OTHER ? maxEntries * 2 : maxEntries)) {
        fetches.set(key, { ...added, network });
        return;
      }
    }
    lost += added.fetches;
  }

  function addFailures(added: HandshakeFailures): void {
    const key = `${added.policyHost} ${added.hour.getTime()} ${added.reason} ${added.network}`;
    const known = failures.get(key);
    if (known) known.failures += added.failures;
    else if (failures.size < maxEntries) failures.set(key, { ...added });
    else if (added.network !== "") addFailures({ ...added, network: "" });
    else lost += added.failures;
  }

  async function writeAll<T>(
    rows: readonly T[],
    write: (rows: readonly T[]) => Promise<void>,
    putBack: (row: T) => void,
  ): Promise<void> {
    for (let start = 0; start < rows.length; start += ROWS_PER_STATEMENT) {
      try {
        await withDeadline(write(rows.slice(start, start + ROWS_PER_STATEMENT)), WRITE_DEADLINE_MS);
      } catch (error) {
        for (const row of rows.slice(start)) putBack(row);
        throw error;
      }
    }
  }

  async function write(): Promise<void> {
    const fetched = [...fetches.values()];
    const failed = [...failures.values()];
    fetches = new Map();
    failures = new Map();
    const results = await Promise.allSettled([
      writeAll(fetched, deps.writeFetches, addFetches),
      writeAll(failed, deps.writeFailures, addFailures),
    ]);
    const rejected = results.find((result) => result.status === "rejected");
    if (rejected) deps.onError(rejected.reason);
  }

  function flush(): Promise<void> {
    running ??= write().finally(() => {
      running = undefined;
    });
    return running;
  }

  const timer = setInterval(() => void flush(), FLUSH_MS);

  return {
    countFetch: ({ policyHost, version, status, clientAddress }) => {
      addFetches({
        domain: policyHost.slice(PREFIX.length),
        hour: currentHour(),
        version,
        status,
        network: keepApart(policyHost, networkOf(clientAddress, LOGGED_SIZES)),
        fetches: 1,
      });
    },
    countFailure: (policyHost, reason, clientAddress) => {
      const at = currentHour();
      // Networks of scanners would fill the table and say nothing.
      const isSenders = policyHost !== "" && blameHandshakeFailure(reason) !== "unknown";
      const network = isSenders ? keepApart(policyHost, networkOf(clientAddress, LOGGED_SIZES)) : "";
      addFailures({ policyHost, hour: at, reason, network, failures: 1 });
    },
    flush,
    lost: () => lost,
    stop: async () => {
      clearInterval(timer);
      const last = Promise.resolve(running).then(flush);
      await withDeadline(last, LAST_FLUSH_MS).catch(deps.onError);
    },
  };
}
