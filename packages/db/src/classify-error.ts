type ErrorPart = Readonly<Record<string, unknown>>;

/** Classes and codes of PostgreSQL: https://www.postgresql.org/docs/current/errcodes-appendix.html */
const AWAY_STATES = [
  // 08: connection exceptions
  /^08/,
  // admin_shutdown, crash_shutdown, cannot_connect_now, database_dropped, idle_session_timeout
  /^57P0[1-5]$/,
  // too_many_connections
  /^53300$/,
  // read_only_sql_transaction: a standby that has not been promoted yet
  /^25006$/,
];

const RETRY_STATES = [/^40001$/, /^40P01$/];

/** Codes of the Prisma client and kinds of its driver adapter. P2028 is a transaction that did not start or end in its time. */
const AWAY_PRISMA = new Set([
  "P1001",
  "P1002",
  "P1008",
  "P1017",
  "P1018",
  "P2024",
  "P2028",
  "P2037",
  "DatabaseNotReachable",
  "ConnectionClosed",
  "SocketTimeout",
  "TooManyConnections",
  "TransactionAlreadyClosed",
]);

const RETRY_PRISMA = new Set(["P2034", "TransactionWriteConflict"]);

/** EAI_AGAIN and ENOTFOUND: a container that is stopped has no name either. */
const AWAY_SOCKET = new Set([
  "EAI_AGAIN",
  "ECONNABORTED",
  "ECONNREFUSED",
  "ECONNRESET",
  "EHOSTDOWN",
  "EHOSTUNREACH",
  "ENETDOWN",
  "ENETUNREACH",
  "ENOENT",
  "ENOTFOUND",
  "EPIPE",
  "ERR_SOCKET_CLOSED",
  "ERR_STREAM_DESTROYED",
  "ERR_STREAM_WRITE_AFTER_END",
  "ETIMEDOUT",
]);

/** What `pg` and its pool say without a code. */
const AWAY_WORDS =
  /^(Connection terminated|timeout exceeded when trying to connect$|timeout expired$|Query read timeout$|Client (has encountered a connection error|was closed) and is not queryable$|There was an error establishing an SSL connection$)/;

const MAX_DEPTH = 6;

/**
 * Whether an error, or its cause, says that Postgres cannot be reached, is being stopped or started, has no connection left, or
 * does not accept writes: the same request may succeed in a moment. Whether a write that was cut off took place is not known.
 *
 * Recognises what `pg`, its pool, the Prisma client and its driver adapter throw. False for a failed `fetch` or a mail server
 * that does not answer. Never throws.
 */
export function isDatabaseAway(error: unknown): boolean {
  return someCause(error, (part) => {
    if (part.name === "TypeError" || typeof part.command === "string") return "stop";
    const state = sqlState(part);
    if (state !== undefined) return AWAY_STATES.some((pattern) => pattern.test(state));
    const names = [part.code, part.errorCode, part.kind];
    if (names.some((name) => typeof name === "string" && AWAY_PRISMA.has(name))) return true;
    if (typeof part.code === "string" && AWAY_SOCKET.has(part.code)) return isOfSocket(part);
    return typeof part.message === "string" && AWAY_WORDS.test(part.message);
  });
}

/**
 * Whether Postgres rolled a transaction back because another one was in its way, by a serialization failure (40001) or a deadlock
 * (40P01): the same transaction may succeed at once. Never throws.
 */
export function isSerializationFailure(error: unknown): boolean {
  return someCause(error, (part) => {
    const state = sqlState(part);
    if (state !== undefined) return RETRY_STATES.some((pattern) => pattern.test(state));
    return [part.code, part.kind].some((name) => typeof name === "string" && RETRY_PRISMA.has(name));
  });
}

/** The SQLSTATEs and codes of an error and its causes, outermost first. Never throws. */
export function listErrorCodes(error: unknown): string[] {
  const codes: string[] = [];
  someCause(error, (part) => {
    const found = [part.code, part.errorCode, part.originalCode];
    codes.push(...found.filter((code) => typeof code === "string"));
    return false;
  });
  return codes;
}

/** `ENOENT` is a Unix socket that is gone, or any file: only the former is a connection. */
function isOfSocket({ code, syscall }: ErrorPart): boolean {
  return code !== "ENOENT" || syscall === "connect";
}

/** The SQLSTATE of an error of `pg` or of Prisma's driver adapter. `EPIPE` and `P1001` look like one. */
function sqlState(part: ErrorPart): string | undefined {
  const state = part.originalCode ?? ("severity" in part ? part.code : undefined);
  return typeof state === "string" && /^[0-9A-Z]{5}$/.test(state) ? state : undefined;
}

function someCause(
  error: unknown,
  matches: (part: ErrorPart) => boolean | "stop",
  depth = MAX_DEPTH,
): boolean {
  if (!isPart(error) || depth === 0) return false;
  const found = matches(error);
  if (found === "stop") return false;
  if (found) return true;
  const { cause, meta, errors } = error;
  const inner = [cause, ...(isPart(meta) ? [meta.driverAdapterError] : []), ...asList(errors)];
  return inner.some((part) => someCause(part, matches, depth - 1));
}

function isPart(value: unknown): value is ErrorPart {
  return typeof value === "object" && value !== null;
}

function asList(value: unknown): readonly unknown[] {
  return Array.isArray(value) ? value.slice(0, 8) : [];
}
