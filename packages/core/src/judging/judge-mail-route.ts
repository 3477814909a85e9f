import { DAY_MS, HOUR_MS } from "@waxseal/runtime/time-spans";
import { findMailProvider } from "../domains/find-mail-provider.ts";
import { RECORD_KINDS } from "../setup-names.ts";
import type { Finding, JudgedFacts } from "./judge-domain.ts";
import type { MxSighted, WatchedFacts } from "./watched-facts.ts";

/** How long a change is worth a line in the summary. */
const CHANGE_MS = 7 * DAY_MS;
/** A move to another provider that is not finished after this is how the owner wants it. */
const MOVE_MS = 30 * DAY_MS;
/** Hosts of the first look are no change; two looks at once see different halves of a changing zone. */
const FIRST_LOOK_MS = HOUR_MS;
const MIN_REFUSING = 3;
const STILL_REFUSING = 2;
const DANGLING_MS = 30 * DAY_MS;

/** Who holds the domain, where its mail goes, and whether senders could use what is served. `hosts`: findings about its MX hosts. */
export function judgeRoute(
  facts: JudgedFacts,
  previous: readonly Finding[],
  hosts: readonly Finding[],
  now: Date,
): Finding[] {
  const { watched, status, domain } = facts;
  if (!watched || status !== "active") return [];
  const base = { subject: domain, since: null, evidence: {} } as const;
  if (watched.claim === "other")
    return [{ ...base, code: "claim.lost", severity: "critical", move: "owner" }];
  const isRefused = previous.some(({ code }) => code === "host.refused");
  return [...judgeMxChanges(facts, watched, hosts, now), ...judgeRefusals(facts, watched, isRefused)];
}

function judgeMxChanges(
  { domain, mode }: JudgedFacts,
  watched: WatchedFacts,
  hosts: readonly Finding[],
  now: Date,
): Finding[] {
  const { added, removed } = listMxChanges(watched, now, MOVE_MS);
  const move = findMove(watched, added, removed);
  const uncovered = hosts.filter(({ code }) => code === "mx.uncovered").map(({ subject }) => subject);
  if (move) {
    const first = move.hosts[0] ?? domain;
    const missing = move.hosts.find((host) => uncovered.includes(host));
    const severity = !missing ? "notice" : mode === "enforce" ? "critical" : "warning";
    const about = { code: "mx.migration", subject: missing ?? first, since: null, move: "owner" } as const;
    return mode === "none" ? [] : [{ ...about, severity, evidence: move }];
  }
  const recent = listMxChanges(watched, now, CHANGE_MS);
  const names = (seen: readonly MxSighted[]) => seen.map(({ mxHost }) => mxHost);
  if (uncovered.length > 0 || recent.added.length + recent.removed.length === 0) return [];
  const evidence = { hosts: names(recent.added), oldHosts: names(recent.removed) };
  return [{ code: "mx.changed", subject: domain, since: null, severity: "notice", move: "owner", evidence }];
}

/** Hosts that came and went within a time, by confirmed looks. */
function listMxChanges({ mxSeen, mxNow }: WatchedFacts, now: Date, withinMs: number) {
  const firstMs = Math.min(...mxSeen.map(({ firstSeenAt }) => firstSeenAt.getTime()));
  const isRecent = (at: Date) => now.getTime() - at.getTime() < withinMs;
  const added = mxSeen.filter(
    ({ mxHost, firstSeenAt }) =>
      mxNow.includes(mxHost) && firstSeenAt.getTime() > firstMs + FIRST_LOOK_MS && isRecent(firstSeenAt),
  );
  const removed =
    mxNow.length === 0
      ? []
      : mxSeen.filter(({ mxHost, lastSeenAt }) => !mxNow.includes(mxHost) && isRecent(lastSeenAt));
  return { added, removed };
}

/** Mail goes over to hosts of another pattern of a known provider: those that came, beside or instead of others. */
function findMove({ mxNow }: WatchedFacts, added: readonly MxSighted[], removed: readonly MxSighted[]) {
  const [newest] = added.flatMap(({ mxHost }) => {
    const provider = findMailProvider(mxHost);
    return provider ? [{ mxHost, provider }] : [];
  });
  if (!newest) return undefined;
  const pattern = ({ mxPatterns }: { mxPatterns: readonly string[] }) => mxPatterns.join(" ");
  const isAlike = (host: string) => {
    const provider = findMailProvider(host);
    return provider !== undefined && pattern(provider) === pattern(newest.provider);
  };
  const others = [...mxNow, ...removed.map(({ mxHost }) => mxHost)].filter((host) => !isAlike(host));
  if (others.length === 0) return undefined;
  const came = added.filter(({ mxHost }) => isAlike(mxHost)).map(({ firstSeenAt }) => firstSeenAt.getTime());
  const left = removed.filter(({ mxHost }) => !isAlike(mxHost)).map(({ lastSeenAt }) => lastSeenAt.getTime());
  const isUsed = others.some((host) => mxNow.includes(host));
  return {
    ...{ provider: newest.provider.name, hosts: mxNow.filter(isAlike), oldHosts: others },
    sinceDay: dayOf(Math.min(...came)),
    ...(!isUsed && { leftDay: dayOf(Math.max(...left)) }),
  };
}

function dayOf(ms: number): string {
  return new Date(ms).toISOString().slice(0, 10);
}

/**
 * At least three networks of one day that fetch the policy at other times. It goes on while there are several in two days: one sender
 * with an old list of authorities is always there.
 */
function judgeRefusals(
  { domain }: JudgedFacts,
  { refusals, reports }: WatchedFacts,
  isKnown: boolean,
): Finding[] {
  if (!refusals) return [];
  const { ofOneDay, ofTwoDays } = refusals;
  if (isKnown ? ofTwoDays.length < STILL_REFUSING : ofOneDay.length < MIN_REFUSING) return [];
  const { reason: detail, failures: count } = refusals;
  const evidence = { detail, count, reporters: [...(reports?.fetchErrors ?? [])] };
  const about = { code: "host.refused", subject: domain, since: null } as const;
  return [{ ...about, severity: "warning", move: "us", evidence }];
}

/**
 * What the owner of a domain that leaves or has left has to do. `records`: findings about its CNAMEs. One that was deleted too early is
 * needed until the date that is shown; after that date it may go.
 */
export function judgeLeaving(facts: JudgedFacts, records: readonly Finding[], now: Date): Finding[] {
  const { watched, status, domain } = facts;
  if (!watched) return status === "left" ? [] : [...records];
  if (status === "left") return judgeLeft(facts, watched, now);
  const { horizonAt, enforcedUntil } = watched;
  if (!horizonAt || horizonAt <= now) return [];
  const isEnforced = enforcedUntil !== null && enforcedUntil > now;
  const untilDay = horizonAt.toISOString().slice(0, 10);
  const reporting = facts.records.tlsRptRecord.name;
  return records
    .filter(({ subject }) => subject !== reporting)
    .map(({ subject, since }) => ({
      ...({ code: "leave.state", subject, since, move: "owner" } as const),
      severity: isEnforced ? ("critical" as const) : ("warning" as const),
      evidence: { name: subject || domain, untilDay },
    }));
}

/** Only what a look after its end saw is known to be still there. */
function judgeLeft({ domain, records }: JudgedFacts, { leftAt }: WatchedFacts, now: Date): Finding[] {
  if (!leftAt) return [];
  const all = RECORD_KINDS.map((kind) => records[kind]);
  const isDangling = now.getTime() - leftAt.getTime() >= DANGLING_MS;
  const isThere = ({ state, checkedAt }: (typeof all)[number]) =>
    state === "correct" && (!isDangling || (checkedAt !== null && checkedAt > leftAt));
  if (!all.some(isThere)) return [];
  const about = { code: "leave.state", subject: domain, since: leftAt, move: "owner" } as const;
  return [{ ...about, severity: "notice", evidence: { isDangling } }];
}
