import { listCaBudgets } from "@waxseal/core/certificates";
import { countOutgoingMails } from "@waxseal/core/mail";
import { countRecountDays, listHeldDeletions } from "@waxseal/core/reports";
import type { Database } from "@waxseal/db";
import { Gauge, type Registry } from "prom-client";

type Row = Record<string, string | number | null>;

type OperatingGauge = {
  name: string;
  help: string;
  labelNames?: readonly string[];
  /** Rows of labels and `value`; a row without a value is left out. */
  read(db: Database): Promise<Row[]>;
};

const GAUGES: readonly OperatingGauge[] = [
  {
    name: "waxseal_certificate_nearest_expiry_seconds",
    help: "Time until the first certificate in use expires; negative when one has expired",
    read: (db) => db.$queryRaw<Row[]>`
      select extract(epoch from min(c.not_after) - clock_timestamp())::float8 as value
      from certificate_name n join certificate c on c.account_id = n.account_id and c.id = n.current_certificate_id
      where n.state <> 'stopped'`,
  },
  {
    name: "waxseal_certificates_expiring",
    help: "Certificates in use that expire within this number of days, expired ones included",
    labelNames: ["days"],
    read: (db) => db.$queryRaw<Row[]>`
      select w.days::text as days, count(c.id)::int as value
      from unnest(array[1, 3, 7]) as w (days)
      left join (certificate_name n join certificate c
        on c.account_id = n.account_id and c.id = n.current_certificate_id and n.state <> 'stopped')
        on c.not_after < clock_timestamp() + make_interval(days => w.days)
      group by 1`,
  },
  {
    name: "waxseal_certificate_problems",
    help: "Names whose certificate fails, by who has to act: the customer, the CA, or we",
    labelNames: ["whose"],
    read: (db) => db.$queryRaw<Row[]>`
      select w.whose, count(n.host)::int as value from unnest(array['customer', 'ca', 'ours']) as w (whose)
      left join certificate_name n on n.state = 'failing' and w.whose = case
        when n.last_error_code in ('preflight.cname', 'preflight.dns', 'preflight.caa') then 'customer'
        when n.last_error_code in ('ca.unreachable', 'ca.rateLimited', 'ca.refused', 'ca.unusable', 'ca.slow') then 'ca'
        else 'ours' end
      group by 1`,
  },
  {
    name: "waxseal_orders_held",
    help: "Names whose order waits because a limit of the CA is used up",
    read: (db) => db.$queryRaw<Row[]>`
      select count(*)::int as value from certificate_name where held_until > clock_timestamp()`,
  },
  {
    name: "waxseal_mx_test_oldest_due_seconds",
    help: "How long the MX host that is due for a test for the longest time has waited",
    read: (db) => db.$queryRaw<Row[]>`
      select coalesce(extract(epoch from clock_timestamp() - min(next_probe_at)), 0)::float8 as value
      from mx_host_watch where next_probe_at <= clock_timestamp()`,
  },
  {
    name: "waxseal_job_oldest_due_seconds",
    help: "How long the oldest job that could run has waited, by name",
    labelNames: ["job"],
    read: (db) => db.$queryRaw<Row[]>`
      select task_identifier as job, extract(epoch from clock_timestamp() - min(run_at))::float8 as value
      from graphile_worker.jobs
      where run_at <= clock_timestamp() and attempts < max_attempts and locked_at is null group by 1`,
  },
  {
    name: "waxseal_jobs_dead",
    help: "Jobs in the queue that failed as often as they may, by name",
    labelNames: ["job"],
    read: (db) => db.$queryRaw<Row[]>`
      select task_identifier as job, count(*)::int as value from graphile_worker.jobs
      where attempts >= max_attempts group by 1`,
  },
  {
    name: "waxseal_mail_queue",
    help: "Our own mails: waiting now, sent in the last week, given up in the last 30 days",
    labelNames: ["state"],
    read: async (db) => {
      const { waiting, sent, givenUp } = await countOutgoingMails(db);
      return [
        { state: "waiting", value: waiting },
        { state: "sent", value: sent },
        { state: "given-up", value: givenUp },
      ];
    },
  },
  {
    name: "waxseal_mail_oldest_waiting_seconds",
    help: "How long the oldest mail that waits has waited",
    read: async (db) => [{ value: (await countOutgoingMails(db)).oldestSeconds }],
  },
  {
    name: "waxseal_serving_lag_changes",
    help: "Changes that a policy server or nameserver has not seen yet",
    labelNames: ["kind", "node"],
    read: (db) => db.$queryRaw<Row[]>`
      select kind::text as kind, id as node, greatest((select coalesce(max(seq), 0) from serving_change) - seen_seq, 0)::float8 as value
      from serving_node`,
  },
  {
    name: "waxseal_serving_lease_seconds",
    help: "How long the lease of a policy server or nameserver lasts; negative: it is away, and nothing waits for it",
    labelNames: ["kind", "node"],
    read: (db) => db.$queryRaw<Row[]>`
      select kind::text as kind, id as node, extract(epoch from lease_until - clock_timestamp())::float8 as value from serving_node`,
  },
  {
    name: "waxseal_operator_conditions",
    help: "What needs the operator now, by kind; `waxseal operator conditions` says it in words",
    labelNames: ["code", "severity"],
    read: (db) => db.$queryRaw<Row[]>`
      select code, coalesce(detail->>'severity', 'warning') as severity, count(*)::int as value
      from operator_condition where until > clock_timestamp() group by 1, 2`,
  },
  {
    name: "waxseal_jobs_waiting",
    help: "Jobs that could run now, by name",
    labelNames: ["job"],
    read: (db) => db.$queryRaw<Row[]>`
      select task_identifier as job, count(*)::int as value from graphile_worker.jobs
      where run_at <= now() and attempts < max_attempts and locked_at is null group by 1`,
  },
  {
    name: "waxseal_certificate_names",
    help: "Hosts by the state of their certificate",
    labelNames: ["state"],
    read: (db) => db.$queryRaw<Row[]>`
      select state::text as state, count(*)::int as value from certificate_name group by 1`,
  },
  {
    name: "waxseal_report_days_to_recount",
    help: "Days of accounts whose report figures still have to be recomputed after an upgrade",
    read: async (db) => [{ value: await countRecountDays(db) }],
  },
  {
    name: "waxseal_held_deletions",
    help: "Unusually large deletions of an account's reports that wait for the operator",
    read: async (db) => [{ value: (await listHeldDeletions(db)).length }],
  },
  {
    name: "waxseal_database_bytes",
    help: "Size of the database",
    read: (db) => db.$queryRaw<Row[]>`select pg_database_size(current_database())::float8 as value`,
  },
  {
    name: "waxseal_database_connections",
    help: "Connections to Postgres: in use, and how many it allows",
    labelNames: ["which"],
    read: (db) => db.$queryRaw<Row[]>`
      select 'used' as which, count(*)::int as value from pg_stat_activity where backend_type = 'client backend'
      union all select 'allowed', current_setting('max_connections')::int`,
  },
];

/**
 * Adds what an operator asks at night to a registry: each gauge is read from the database when it is scraped. One that cannot be read is
 * left out of that scrape, so that a database that is away takes no other metric along.
 */
export function addOperatingMetrics(
  registry: Registry,
  { db, directoryUrls }: { db: Database; directoryUrls: readonly string[] },
): void {
  const budgets: OperatingGauge = {
    name: "waxseal_ca_budget_used_ratio",
    help: "Used share of a CA's limit on new orders, by host of its directory",
    labelNames: ["ca"],
    read: async () =>
      (await listCaBudgets(db, directoryUrls)).map(({ directoryUrl, used, limit }) => ({
        ca: new URL(directoryUrl).host,
        value: used / limit,
      })),
  };
  for (const { name, help, labelNames = [], read } of [...GAUGES, budgets])
    new Gauge({
      name,
      help,
      labelNames: [...labelNames],
      registers: [registry],
      async collect() {
        this.reset();
        const rows = await read(db).catch(() => []);
        for (const { value, ...labels } of rows)
          if (value !== null) this.set(labels as Record<string, string>, Number(value));
      },
    });
}
