/** A server of a database, as `host:port` in a URL. */
export type DatabaseHost = string;

export type DatabaseAddress = {
  /** Where sessions of any kind may be opened: those of `direct=`, else all hosts of the URL. */
  directHosts: readonly DatabaseHost[];
  hosts: readonly DatabaseHost[];
  /** Whether a connection is used only where it may write: always with several hosts. */
  needsPrimary: boolean;
  /** `connection_limit=`: the most connections of one pool. */
  connectionLimit: number | undefined;
  user: string;
  database: string;
  /** The same database at one host, in the form that `pg` reads. */
  urlOf(host: DatabaseHost): string;
};

const FORM =
  /^postgres(?:ql)?:\/\/(?:(?<user>[^:@/]*)(?::(?<password>.*))?@)?(?<hosts>[^@/?]*)(?:\/(?<database>[^?@]*))?(?:\?(?<query>[^@]*))?$/s;

/** What is meant for us and unknown to `pg`. */
const OURS = ["target_session_attrs", "connection_limit", "direct"];

/**
 * Takes a database URL apart.
 *
 * There may be several hosts, `host:port,host:port`, as libpq has them. The password may hold any character; only a `%` before two
 * hexadecimal digits has to be written `%25`. `target_session_attrs=read-write` looks for the host that accepts writes.
 * `direct=host:port,…` are servers to reach around a pooler. Undefined for what is no such URL.
 */
export function parseDatabaseUrl(databaseUrl: string): DatabaseAddress | undefined {
  const groups = FORM.exec(databaseUrl)?.groups;
  if (!groups) return undefined;
  const query = new URLSearchParams(groups.query);
  const hosts = splitHosts(groups.hosts ?? "");
  const limit = Number(query.get("connection_limit"));
  const direct = splitHosts(query.get("direct") ?? "").filter((host) => host !== "");
  const needsPrimary = /^(read-write|primary)$/.test(query.get("target_session_attrs") ?? "");
  for (const name of OURS) query.delete(name);
  const [user, password] = [decode(groups.user ?? ""), decode(groups.password ?? "")];
  const login =
    user || password ? `${encodeURIComponent(user)}${password && `:${encodeURIComponent(password)}`}@` : "";
  const rest = `/${groups.database ?? ""}${query.size > 0 ? `?${query}` : ""}`;
  return {
    hosts,
    directHosts: direct.length > 0 ? direct : hosts,
    needsPrimary: needsPrimary || hosts.length > 1,
    connectionLimit: Number.isInteger(limit) && limit > 0 ? limit : undefined,
    user,
    database: decode(groups.database ?? ""),
    urlOf: (host) => `postgresql://${login}${host}${rest}`,
  };
}

function splitHosts(text: string): string[] {
  return text.split(",").map((host) => host.trim());
}

function decode(text: string): string {
  try {
    return decodeURIComponent(text);
  } catch {
    return text;
  }
}
