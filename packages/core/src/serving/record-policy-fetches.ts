import type { SqlDatabase } from "@waxseal/db/sql";

/** Answers alike within an hour. */
export type PolicyFetches = {
  domain: string;
  /** The version that was served; 0: none was. */
  version: number;
  /** The hour's first instant. */
  hour: Date;
  /** HTTP status. */
  status: number;
  /** `192.0.2.0/24`, `2001:db8::/48`, `other` or `unknown`. */
  network: string;
  fetches: number;
};

/** TLS handshakes that came to nothing alike within an hour. */
export type HandshakeFailures = {
  /** Empty for a name nothing is served at, and for none. */
  policyHost: string;
  hour: Date;
  reason: string;
  /** As of fetches; none for what scanners cause, whose networks are not kept. */
  network?: string;
  failures: number;
};

/**
 * Adds counts of policy fetches in one statement, a few thousand rows at a time. Each combination may occur once.
 * Fetches of a domain that no account claims are dropped.
 */
export async function recordPolicyFetches(db: SqlDatabase, fetches: readonly PolicyFetches[]): Promise<void> {
  if (fetches.length === 0) return;
  // In order, so that two servers that add the same rows at the same time wait for each other instead of for ever.
  await db.$executeRaw`
    insert into policy_fetch (account_id, domain_id, hour, version, status, network, fetches)
    select c.account_id, c.domain_id, f.hour, f.version, f.status, f.network, f.fetches
    from unnest(
      ${fetches.map(({ domain }) => domain)}::text[],
      ${fetches.map(({ hour }) => hour)}::timestamptz[],
      ${fetches.map(({ version }) => version)}::int[],
      ${fetches.map(({ status }) => status)}::smallint[],
      ${fetches.map(({ network }) => network)}::text[],
      ${fetches.map((one) => one.fetches)}::int[]
    ) as f (domain, hour, version, status, network, fetches)
    join domain_claim c on c.domain = f.domain
    order by 1, 2, 3, 4, 5, 6
    on conflict (account_id, domain_id, hour, version, status, network)
    do update set fetches = policy_fetch.fetches + excluded.fetches`;
}

/** Adds to the failed handshakes, and to those of each network, in one statement. Each combination may occur once. */
export async function recordHandshakeFailures(
  db: SqlDatabase,
  failures: readonly HandshakeFailures[],
): Promise<void> {
  if (failures.length === 0) return;
  await db.$executeRaw`
    with f as materialized (
      select * from unnest(
        ${failures.map(({ policyHost }) => policyHost)}::text[],
        ${failures.map(({ hour }) => hour)}::timestamptz[],
        ${failures.map(({ reason }) => reason)}::text[],
        ${failures.map(({ network = "" }) => network)}::text[],
        ${failures.map((one) => one.failures)}::int[]
      ) as f (policy_host, hour, reason, network, failures)
    ), of_all_networks as (
      insert into handshake_failure (policy_host, hour, reason, failures)
      select policy_host, hour, reason, sum(failures) from f group by 1, 2, 3 order by 1, 2, 3
      on conflict (policy_host, hour, reason)
      do update set failures = handshake_failure.failures + excluded.failures
    )
    insert into handshake_client (policy_host, hour, reason, network, failures)
    select policy_host, hour, reason, network, failures from f
    where policy_host <> '' and network <> ''
    order by 1, 2, 3, 4
    on conflict (policy_host, hour, reason, network)
    do update set failures = handshake_client.failures + excluded.failures`;
}
