import { type Database, Prisma } from "@waxseal/db";
import { MINUTE_MS } from "@waxseal/runtime/time-spans";
import type { ContextSource } from "../context.ts";
import { clearCondition, raiseCondition } from "../operating/operator-condition.ts";
import { BAD_APART_MS } from "./count-mx-look.ts";
import { countConnectionsLeft } from "./create-connection-gate.ts";
import { keepMxProbe } from "./keep-mx-probe.ts";
import { lookAtMxHost, type MxProbeDeps } from "./look-at-mx-host.ts";
import { nextMxProbeAt, type WatchedMode } from "./next-mx-look.ts";

/** What probing needs besides. */
export type ProbeDueDeps = MxProbeDeps & {
  /** MX hosts that say whether our own line works; without any it counts as working. */
  controlHosts: readonly string[];
  random(): number;
};

/** `probes`: hosts connected to. `unused`: hosts of no domain any more. `dropped`: results that our own line may be to blame for. */
export type ProbeDueOutcome = { probes: number; unused: number; dropped: number };

/** Hosts of all domains together, of all workers. */
const PER_MINUTE = 60;
/** Of the connections of a minute, those that a person who waits for a test can count on. */
const KEPT_FREE = 10;
/** When a host is planned again whose provider is being connected to already: others of other providers come first. */
const BUSY_MS = MINUTE_MS;
/** Of the scheduled tests of a host that is known to be good, one in four asks for its certificate of the other kind too. */
const OTHER_KEY_SHARE = 0.25;
const AT_ONCE = 12;
/** A run that is cut off leaves its hosts to a later one. */
const CLAIM_MS = 5 * MINUTE_MS;
const OWN_LINE = { code: "own-line", subject: "port 25" } as const;

/**
 * Connects to the MX hosts that are due, longest due first, and keeps what was seen: behind a domain that enforces four times a day, behind
 * one in testing once, and ten minutes after a look that contradicts what is known. A host of many domains is connected to once for all.
 *
 * When a host that was not bad looks bad, or cannot be tested, the control hosts are asked first: while none of them is good our own line is
 * to blame, and the result is dropped. Hosts that the connections of this minute do not suffice for keep their place in the queue. Safe to run
 * twice and at once: a host is claimed by one run, and all runs share 60 a minute.
 *
 * RFC 8461 §4.2
 */
export async function probeDueMxHosts(source: ContextSource, deps: ProbeDueDeps): Promise<ProbeDueOutcome> {
  const { db, now } = source;
  const claimed = await claimDueHosts(db, now());
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
      if ((await countConnectionsLeft(db)) <= KEPT_FREE) {
        await putBack(db, [host, ...waiting.splice(0)]);
        break;
      }
      const mode = modes.get(host.mxHost) ?? "none";
      const isKept = await probe(source, { mxHost: host.mxHost, mode }, deps, isLineGood);
      if (!isKept) dropped += 1;
    }
  };
  await Promise.all(Array.from({ length: AT_ONCE }, work));
  return { probes: used.length, unused, dropped };
}

type DueHost = { mxHost: string; dueAt: Date };

/** The longest due first. Under one lock, so that two workers do not each take a minute's worth. */
async function claimDueHosts(db: Database, now: Date): Promise<DueHost[]> {
  const claimed = await db.$transaction(async (tx) => {
    await tx.$executeRaw`select pg_advisory_xact_lock(hashtextextended('mx_host_watch claims', 0))`;
    return tx.$queryRaw<DueHost[]>`
      with due as (
        select mx_host, next_probe_at from mx_host_watch where next_probe_at <= ${now} order by next_probe_at, mx_host
        limit greatest(0, ${PER_MINUTE}::int - (
          select count(*)::int from mx_host_watch where claimed_at > ${new Date(now.getTime() - MINUTE_MS)})))
      update mx_host_watch w set claimed_at = ${now}, next_probe_at = ${new Date(now.getTime() + CLAIM_MS)}
      from due where w.mx_host = due.mx_host
      returning w.mx_host as "mxHost", due.next_probe_at as "dueAt"`;
  });
  return claimed.toSorted((a, b) => Number(a.dueAt) - Number(b.dueAt));
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
    update mx_host_watch w set claimed_at = null, next_probe_at = h.due_at
    from unnest(${hosts.map(({ mxHost }) => mxHost)}::text[], ${hosts.map(({ dueAt }) => dueAt)}::timestamptz[]) as h(mx_host, due_at)
    where w.mx_host = h.mx_host`;
}

/** Whether the result was kept. */
async function probe(
  { db, now }: ContextSource,
  { mxHost, mode }: { mxHost: string; mode: WatchedMode },
  deps: ProbeDueDeps,
  isLineGood: () => Promise<boolean>,
): Promise<boolean> {
  const known = await findKnown(db, mxHost);
  const { seen, probe } = await lookAtMxHost(deps, mxHost, {
    skipsOtherKey: known === "good" && deps.random() >= OTHER_KEY_SHARE,
  });
  if ("missing" in probe && probe.isBusy) {
    const soon = new Date(now().getTime() + BUSY_MS);
    await putBack(db, [{ mxHost, dueAt: soon }]);
    return false;
  }
  const reschedule = (nextProbeAt: Date) =>
    db.mxHostWatch.updateMany({ where: { mxHost }, data: { nextProbeAt } });
  if (seen.state !== "good" && known !== "bad" && !(await isLineGood())) {
    await reschedule(new Date(now().getTime() + BAD_APART_MS));
    return false;
  }
  const at = now();
  const looks = await keepMxProbe(db, seen, probe, at);
  await reschedule(nextMxProbeAt(at, { mode, state: seen.state, looks }, deps.random()));
  return true;
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
