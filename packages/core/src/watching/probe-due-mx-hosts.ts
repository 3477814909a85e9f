import { type Database, Prisma } from "@waxseal/db";
import { HOUR_MS, MINUTE_MS } from "@waxseal/runtime/time-spans";
import type { ContextSource } from "../context.ts";
import { clearCondition, raiseCondition } from "../operating/operator-condition.ts";
import { BAD_APART_MS } from "./count-mx-look.ts";
import { CONNECTIONS_A_MINUTE, countConnectionsLeft } from "./create-connection-gate.ts";
import { keepMxProbe } from "./keep-mx-probe.ts";
import { lookAtMxHost, type MxProbeDeps } from "./look-at-mx-host.ts";
import { awaitsConfirmation, nextMxProbeAt, type WatchedMode } from "./next-mx-look.ts";

/** What probing needs besides. */
export type ProbeDueDeps = MxProbeDeps & {
  /** MX hosts that say whether our own line works; without any it counts as working. */
  controlHosts: readonly string[];
  random(): number;
};

/** `probes`: hosts connected to. `unused`: hosts of no domain any more. `dropped`: results that our own line may be to blame for. */
export type ProbeDueOutcome = { probes: number; unused: number; dropped: number };

/** Connections per minute that are reserved for people who wait for a test. */
const KEPT_FREE = 10;
/** When a host is planned again whose provider is being connected to already: others of other providers come first. */
const BUSY_MS = MINUTE_MS;
/** Share of the scheduled tests of a good host that also ask for its certificate with the other kind of key. */
const OTHER_KEY_SHARE = 0.25;
const AT_ONCE = 12;
/** A run that is cut off leaves its hosts to a later one. */
const CLAIM_MS = 5 * MINUTE_MS;
/** Waiting tests are the operator's to know when the first waits for longer. */
const LATE_MS = HOUR_MS;
const LATE = { code: "mx-tests-late", subject: "MX hosts" } as const;
const OWN_LINE = { code: "own-line", subject: "port 25" } as const;

/**
 * Connects to the MX hosts that are due, longest due first, and keeps what was seen: behind a domain that enforces four times a day, behind
 * one in testing once, and ten minutes after a look that contradicts what is known. A host of many domains is connected to once for all.
 * Half of the hosts of a minute are new ones and those that something speaks against, if so many are due: they do not wait behind the others.
 *
 * When a host that was not bad looks bad, or cannot be tested, the control hosts are asked first: while none of them is good our own line is
 * to blame, and the result is dropped. Hosts that the connections of this minute do not suffice for keep their place in the queue; the operator
 * is notified when the first of them waits for over an hour. Safe to run twice and at once: a host is claimed by one run, and all runs share
 * the connections of a minute.
 *
 * RFC 8461 §4.2
 */
export async function probeDueMxHosts(source: ContextSource, deps: ProbeDueDeps): Promise<ProbeDueOutcome> {
  const { db, now } = source;
  const aMinute = deps.connectionsAMinute ?? CONNECTIONS_A_MINUTE;
  const claimed = await claimDueHosts(db, now(), aMinute);
  const hosts = claimed.map(({ mxHost }) => mxHost);
  const modes = await findModes(db, hosts);
  const used = claimed.filter(({ mxHost }) => modes.has(mxHost));
  const unused = await forgetHosts(
    db,
    hosts.filter((mxHost) => !modes.has(mxHost)),
  );
  const isLineGood = createLineCheck(db, deps);
  const waiting = [...used];
  let dropped = 0;
  const work = async () => {
    for (let host = waiting.shift(); host !== undefined; host = waiting.shift()) {
      if ((await countConnectionsLeft(db, aMinute)) <= KEPT_FREE) {
        await putBack(db, [host, ...waiting.splice(0)]);
        break;
      }
      const mode = modes.get(host.mxHost) ?? "none";
      const isKept = await probe(source, { ...host, mode }, deps, isLineGood);
      if (!isKept) dropped += 1;
    }
  };
  await Promise.all(Array.from({ length: AT_ONCE }, work));
  await noteLate(db, now(), aMinute);
  return { probes: used.length, unused, dropped };
}

type DueHost = { mxHost: string; dueAt: Date; isUrgent: boolean };

/**
 * The longest due first, of urgent ones and the others half each, and more of one where there are fewer of the other. Under one lock, so that
 * two workers do not each take a minute's worth.
 */
async function claimDueHosts(db: Database, now: Date, aMinute: number): Promise<DueHost[]> {
  const claimed = await db.$transaction(async (tx) => {
    await tx.$executeRaw`select pg_advisory_xact_lock(hashtextextended('mx_host_watch claims', 0))`;
    return tx.$queryRaw<DueHost[]>`
      with urgent as (
        select mx_host from mx_host_watch where next_probe_at <= ${now} and is_urgent order by next_probe_at, mx_host
        limit ${Math.ceil(aMinute / 2)}),
      due as (
        select w.mx_host, w.next_probe_at, w.is_urgent from mx_host_watch w left join urgent u on u.mx_host = w.mx_host
        where w.next_probe_at <= ${now} order by u.mx_host is null, w.next_probe_at, w.mx_host
        limit greatest(0, ${aMinute}::int - (
          select count(*)::int from mx_host_watch where claimed_at > ${new Date(now.getTime() - MINUTE_MS)})))
      update mx_host_watch w set claimed_at = ${now}, is_urgent = false, next_probe_at = ${new Date(now.getTime() + CLAIM_MS)}
      from due where w.mx_host = due.mx_host
      returning w.mx_host as "mxHost", due.next_probe_at as "dueAt", due.is_urgent as "isUrgent"`;
  });
  return claimed.toSorted(
    (a, b) => Number(b.isUrgent) - Number(a.isUrgent) || Number(a.dueAt) - Number(b.dueAt),
  );
}

/** The strictest mode behind each host; a host that no domain uses is left out. */
async function findModes(db: Database, mxHosts: readonly string[]): Promise<Map<string, WatchedMode>> {
  if (mxHosts.length === 0) return new Map();
  const rows = await db.$queryRaw<{ mxHost: string; modes: WatchedMode[] }[]>`
    select s.mx_host as "mxHost", array_agg(distinct coalesce(v.mode::text, 'none')) as modes
    from mx_sighting s
    join domain d on d.account_id = s.account_id and d.id = s.domain_id
    left join policy_version v on v.account_id = d.account_id and v.domain_id = d.id and v.version = d.served_version
    where s.mx_host = any(${[...mxHosts]}::text[]) and ${usesHost}
    group by s.mx_host`;
  const order: WatchedMode[] = ["enforce", "testing"];
  return new Map(
    rows.map(({ mxHost, modes }) => [mxHost, order.find((mode) => modes.includes(mode)) ?? "none"]),
  );
}

/** Whether the domain of a sighting still has its mail at the host. */
const usesHost = Prisma.sql`d.status <> 'left'
  and d.mx_hosts @> jsonb_build_array(jsonb_build_object('mxHost', s.mx_host))`;

async function forgetHosts(db: Database, mxHosts: readonly string[]): Promise<number> {
  if (mxHosts.length === 0) return 0;
  return db.$executeRaw`
    delete from mx_host_watch m where m.mx_host = any(${[...mxHosts]}::text[]) and not exists (
      select 1 from mx_sighting s join domain d on d.account_id = s.account_id and d.id = s.domain_id
      where s.mx_host = m.mx_host and ${usesHost})`;
}

/** As if they had not been claimed: with the time they were due at, the host that waited longest stays first. */
async function putBack(db: Database, hosts: readonly DueHost[]): Promise<void> {
  await db.$executeRaw`
    update mx_host_watch w set claimed_at = null, next_probe_at = h.due_at, is_urgent = h.is_urgent
    from unnest(${hosts.map(({ mxHost }) => mxHost)}::text[], ${hosts.map(({ dueAt }) => dueAt)}::timestamptz[],
      ${hosts.map(({ isUrgent }) => isUrgent)}::boolean[]) as h(mx_host, due_at, is_urgent)
    where w.mx_host = h.mx_host`;
}

/** Whether the result was kept. */
async function probe(
  { db, now }: ContextSource,
  { mxHost, mode, isUrgent }: DueHost & { mode: WatchedMode },
  deps: ProbeDueDeps,
  isLineGood: () => Promise<boolean>,
): Promise<boolean> {
  const known = await findKnown(db, mxHost);
  const { seen, probe } = await lookAtMxHost(deps, mxHost, {
    skipsOtherKey: known === "good" && deps.random() >= OTHER_KEY_SHARE,
  });
  if ("missing" in probe && probe.isBusy) {
    const soon = new Date(now().getTime() + BUSY_MS);
    await putBack(db, [{ mxHost, dueAt: soon, isUrgent }]);
    return false;
  }
  const reschedule = (nextProbeAt: Date, isUrgent: boolean) =>
    db.mxHostWatch.updateMany({ where: { mxHost }, data: { nextProbeAt, isUrgent } });
  if (seen.state !== "good" && known !== "bad" && !(await isLineGood())) {
    await reschedule(new Date(now().getTime() + BAD_APART_MS), true);
    return false;
  }
  const at = now();
  const looks = await keepMxProbe(db, seen, probe, at);
  const nextProbeAt = nextMxProbeAt(at, { mode, state: seen.state, looks }, deps.random());
  await reschedule(nextProbeAt, awaitsConfirmation(seen.state, looks));
  return true;
}

/** The limit on connections may be too low for so many hosts: what is not tested in time counts as unknown, and nothing says so else. */
async function noteLate(db: Database, now: Date, aMinute: number): Promise<void> {
  const [late] = await db.$queryRaw<{ hosts: number; first: Date | null }[]>`
    select count(*)::int as hosts, min(next_probe_at) as first from mx_host_watch where next_probe_at <= ${now}`;
  const waitedMs = late?.first ? now.getTime() - late.first.getTime() : 0;
  if (!late || waitedMs <= LATE_MS) return clearCondition(db, LATE);
  const hours = Math.floor(waitedMs / HOUR_MS);
  const text = `${late.hosts} mail hosts wait for their test, the first for ${hours} ${hours === 1 ? "hour" : "hours"}. Hosts that are not tested in time count as unknown. At most ${aMinute} connections a minute are started: raise PROBE_CONNECTIONS_A_MINUTE, or check that the worker runs.`;
  await raiseCondition(db, { ...LATE, text, detail: { hosts: late.hosts, hours } });
}

/** What is confirmed of a host; undefined while its last look said something else. */
async function findKnown(db: Database, mxHost: string): Promise<string | undefined> {
  const host = await db.mxHostProbe.findFirst({ where: { mxHost, address: "" } });
  if (host?.confirmedState === "bad") return "bad";
  return host?.state === "good" && host.confirmedState === "good" ? "good" : undefined;
}

/** Asks the control hosts once in a run, and only when the answer is needed. */
function createLineCheck(db: Database, deps: ProbeDueDeps): () => Promise<boolean> {
  let answer: Promise<boolean> | undefined;
  const check = async () => {
    const { controlHosts } = deps;
    const looks = await Promise.all(controlHosts.map((mxHost) => lookAtMxHost(deps, mxHost)));
    if (controlHosts.length === 0 || looks.some(({ seen }) => seen.state === "good")) {
      await clearCondition(db, OWN_LINE);
      return true;
    }
    const text =
      "Mail hosts cannot be tested from here: none of the control hosts in PROBE_CONTROL_HOSTS is good. Nothing becomes bad until one is. Check whether port 25 is open for outgoing connections.";
    await raiseCondition(db, { ...OWN_LINE, text, detail: { hosts: controlHosts.join(", ") } });
    return false;
  };
  return () => {
    answer ??= check();
    return answer;
  };
}
