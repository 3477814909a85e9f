import type { Database, ReportsDatabase } from "@waxseal/db";
import type { OperatorFacts } from "./judge-operator.ts";
import { measureDatabaseRoom } from "./measure-database-room.ts";

type Stored = Pick<
  OperatorFacts,
  "hasDatabase" | "hasReportsDatabase" | "certificates" | "ingest" | "mail" | "stores" | "serving" | "watch"
> & {
  disks: NonNullable<OperatorFacts["disks"]> | null;
  ca: { heldOrders: number; failingSeconds: number } | null;
};

/** Each figure that cannot be read is null; without a database all are. Never throws. */
export async function measureInstallation(db: Database, reports: ReportsDatabase): Promise<Stored> {
  const one = async <Row>(query: Promise<Row[]>): Promise<Row | null> =>
    query.then(([row]) => row ?? null).catch(() => null);
  const [isThere, isReportsThere] = await Promise.all([
    answers(db.$queryRaw`select 1`),
    answers(reports.$queryRaw`select 1`),
  ]);
  const none = {
    ca: null,
    certificates: null,
    ingest: null,
    mail: null,
    stores: null,
    disks: null,
    serving: null,
    watch: null,
  };
  if (!isThere) return { hasDatabase: false, hasReportsDatabase: isReportsThere, ...none };
  const [ca, certificates, ingest, mail, stores, disks, serving, watch] = await Promise.all([
    one(readCa(db)),
    one(readCertificates(db)),
    one(readIngest(reports)),
    one(readMail(db)),
    one(readStores(db)),
    readDisks([db, reports]),
    readServing(db).catch(() => null),
    one(readWatch(db)),
  ]);
  return {
    ...{ hasDatabase: true, hasReportsDatabase: isReportsThere },
    ...{ ca, certificates, ingest, mail, stores, disks, serving, watch },
  };
}

const ANSWER_MS = 10_000;

function answers(query: Promise<unknown>): Promise<boolean> {
  const late = new Promise<boolean>((resolve) => setTimeout(() => resolve(false), ANSWER_MS).unref());
  return Promise.race([
    query.then(
      () => true,
      () => false,
    ),
    late,
  ]);
}

function readCa(db: Database) {
  return db.$queryRaw<{ heldOrders: number; failingSeconds: number }[]>`
    select count(*) filter (where held_until > clock_timestamp())::int as "heldOrders",
      coalesce(extract(epoch from clock_timestamp() - min(state_since) filter (where state = 'failing'
        and last_error_code in ('ca.unreachable', 'ca.refused', 'ca.unusable', 'ca.slow'))), 0)::float8 as "failingSeconds"
    from certificate_name`;
}

function readCertificates(db: Database) {
  return db.$queryRaw<{ served: number; endIn7Days: number; endIn2Days: number }[]>`
    select count(*)::int as served,
      count(*) filter (where c.not_after < clock_timestamp() + interval '7 days')::int as "endIn7Days",
      count(*) filter (where c.not_after < clock_timestamp() + interval '48 hours')::int as "endIn2Days"
    from certificate_name n join certificate c on c.account_id = n.account_id and c.id = n.current_certificate_id
    where n.state <> 'stopped'`;
}

type IngestRow = {
  oldestSeconds: number;
  lastHours: number;
  weekBefore: number;
  day: { messages: number; unreadable: number };
  week: { messages: number; unreadable: number };
};

/** The last six hours, and the same six a week before; the last day, and the seven before it. */
function readIngest(reports: ReportsDatabase) {
  return reports.$queryRaw<IngestRow[]>`
    select
      (select coalesce(extract(epoch from clock_timestamp() - min(received_at)), 0)::float8 from report_message where state = 'received') as "oldestSeconds",
      count(*) filter (where received_at > clock_timestamp() - interval '6 hours')::int as "lastHours",
      count(*) filter (where received_at between clock_timestamp() - interval '174 hours' and clock_timestamp() - interval '168 hours')::int as "weekBefore",
      json_build_object(
        'messages', count(*) filter (where received_at > clock_timestamp() - interval '1 day'),
        'unreadable', count(*) filter (where received_at > clock_timestamp() - interval '1 day' and state = 'quarantined')) as day,
      json_build_object(
        'messages', count(*) filter (where received_at <= clock_timestamp() - interval '1 day'),
        'unreadable', count(*) filter (where received_at <= clock_timestamp() - interval '1 day' and state = 'quarantined')) as week
    from report_message
    where state = any(enum_range(null::report_message_state)) and received_at > clock_timestamp() - interval '8 days'`;
}

function readMail(db: Database) {
  return db.$queryRaw<{ oldestSeconds: number; ended: number; givenUp: number }[]>`
    select coalesce(extract(epoch from clock_timestamp() - min(created_at) filter (where state = 'waiting')), 0)::float8 as "oldestSeconds",
      count(*) filter (where ended_at > clock_timestamp() - interval '1 hour')::int as ended,
      count(*) filter (where state = 'given-up' and ended_at > clock_timestamp() - interval '1 hour')::int as "givenUp"
    from outgoing_mail`;
}

function readStores(db: Database) {
  return db.$queryRaw<{ connections: number; allowed: number; deadJobs: number; jobLagSeconds: number }[]>`
    select (select count(*)::int from pg_stat_activity where backend_type = 'client backend') as connections,
      current_setting('max_connections')::int as allowed,
      count(*) filter (where attempts >= max_attempts)::int as "deadJobs",
      coalesce(extract(epoch from clock_timestamp() - min(run_at) filter (where run_at <= clock_timestamp()
        and attempts < max_attempts and locked_at is null)), 0)::float8 as "jobLagSeconds"
    from graphile_worker.jobs`;
}

/** The volumes of Postgres, each once; null where none can be seen from here. */
async function readDisks(databases: readonly (Database | ReportsDatabase)[]): Promise<Stored["disks"]> {
  const rooms = await Promise.all(databases.map((one) => measureDatabaseRoom(one).catch(() => undefined)));
  const volumes = new Map(rooms.flatMap((room) => (room?.volume ? [[room.volume.folder, room.volume]] : [])));
  if (volumes.size === 0) return null;
  return [...volumes.values()].map(({ folder, freeBytes, sizeBytes }) => ({
    folder: `the database in ${folder}`,
    freeShare: freeBytes / sizeBytes,
  }));
}

/** An error that passes is gone by then. */
const MANY_ATTEMPTS = 3;

/** A server that was removed permanently is forgotten after a day. */
function readServing(db: Database) {
  return db.$queryRaw<{ node: string; isAway: boolean; lag: number }[]>`
    select kind::text || ' ' || id as node, lease_until < clock_timestamp() as "isAway",
      greatest((select coalesce(max(seq), 0) from serving_change) - seen_seq, 0)::float8 as lag
    from serving_node where lease_until > clock_timestamp() - interval '1 day'`;
}

function readWatch(db: Database) {
  return db.$queryRaw<{ lagSeconds: number; isLineDown: boolean; errors: number }[]>`
    select (select coalesce(extract(epoch from clock_timestamp() - min(judge_at)), 0)::float8 from domain where judge_at <= clock_timestamp()) as "lagSeconds",
      exists (select 1 from operator_condition where code = 'own-line' and until > clock_timestamp()) as "isLineDown",
      (select count(*)::int from graphile_worker.jobs where task_identifier in ('watch.evaluate', 'watch.sweep') and attempts >= ${MANY_ATTEMPTS}
        and last_error is not null) as errors`;
}
