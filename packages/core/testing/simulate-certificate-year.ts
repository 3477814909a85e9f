import { DAY_MS, MINUTE_MS } from "@waxseal/runtime/time-spans";
import { type BudgetRule, budgetRules, heldUntil } from "../src/certificates/budget-rules.ts";
import { type CaLimit, findCaLimits } from "../src/certificates/known-cas.ts";
import { type OrderLane, orderLane } from "../src/certificates/order-lane.ts";
import { orderRetryDelayMs } from "../src/certificates/order-retry-delay.ts";
import { renewalTime } from "../src/certificates/renewal-time.ts";

const OF_ONE_REGISTERED_DOMAIN = 150;
/** How long a certificate lasts. */
export const LIFE_MS = 45 * DAY_MS;
const SWEEP_LIMIT = 500;
const HELD_SPREAD_MS = 600_000;
const OUTAGE = { fromDay: 100, toDay: 102 };
const LANES: readonly OrderLane[] = ["emergency", "normal", "slow"];

type Name = {
  host: string;
  registeredDomain: string;
  /** Chance that a validation fails. */
  failing: number;
  attempts: number;
  lastErrorCode: string | null;
  current: { notBefore: Date; notAfter: Date } | null;
};
type Use = "order" | "failedValidation";

/** The same numbers every time. */
function seeded(seed: number): () => number {
  let state = seed;
  return () => {
    state = (state + 0x6d2b79f5) | 0;
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state);
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 4_294_967_296;
  };
}

/** Times of uses by what they are counted by, oldest first: what the table acme_use is to the verbs. */
class Ledger {
  private readonly times = new Map<string, number[]>();

  add(name: Name, use: Use, slow: boolean, atMs: number): void {
    const keys = [
      `account ${use}`,
      `registeredDomain ${name.registeredDomain} ${use}`,
      `host ${name.host} ${use}`,
    ];
    if (slow) keys.push(...keys.map((key) => `slow ${key}`));
    for (const key of keys) {
      const times = this.times.get(key) ?? [];
      times.push(atMs);
      this.times.set(key, times);
    }
  }

  countthNewest(name: Name, rule: BudgetRule): Date | undefined {
    const use: Use = rule.kinds.includes("failedValidation") ? "failedValidation" : "order";
    const atMs = this.read(name, rule.scope, use, rule.slowOnly ? "slow " : "")?.at(-rule.count);
    return atMs === undefined ? undefined : new Date(atMs);
  }

  /** As the CA counts, by its own word: whether the use that was just added is one too many. */
  isExceeded(name: Name, scope: BudgetRule["scope"], use: Use, { count, windowMs }: CaLimit, nowMs: number) {
    const oneMoreMs = this.read(name, scope, use)?.at(-count - 1);
    return oneMoreMs !== undefined && oneMoreMs > nowMs - windowMs;
  }

  private read(name: Name, scope: BudgetRule["scope"], use: Use, lane = ""): number[] | undefined {
    const of = scope === "account" ? scope : `${scope} ${name[scope]}`;
    return this.times.get(`${lane}${of} ${use}`);
  }
}

function makeNames(count: number): Name[] {
  return Array.from({ length: count }, (_, index) => {
    const registeredDomain = index < OF_ONE_REGISTERED_DOMAIN ? "university.example" : `d${index}.example`;
    // Three in a hundred never work, five more now and then do not.
    const failing = index % 100 < 3 ? 1 : index % 100 < 8 ? 0.2 : 0;
    return {
      host: `mta-sts.d${index}.${registeredDomain}`,
      registeredDomain,
      failing,
      attempts: 0,
      lastErrorCode: null,
      current: null,
    };
  });
}

/**
 * Orders and renewals of certificates for `count` names over some days, minute by minute, under the limits that Let's Encrypt publishes; the CA
 * is down for two of the days.
 */
export function simulateCertificates(count: number, days: number) {
  const limits = findCaLimits("https://acme-v02.api.letsencrypt.org/directory");
  if (!limits) throw new Error("no limits");
  const random = seeded(20_261_124);
  const rules = Object.fromEntries(LANES.map((lane) => [lane, budgetRules(limits, lane, "order")]));
  const ours = new Ledger();
  const cas = new Ledger();
  const names = makeNames(count);
  const agenda = new Map<number, Name[]>([[0, names]]);
  const perDay = Array.from({ length: days }, () => 0);
  const result = { exceeded: [] as string[], expired: 0, worstLeftMs: LIFE_MS, perDay, names };

  const comeBack = (name: Name, atMs: number, minute: number) => {
    const due = Math.max(Math.ceil(atMs / MINUTE_MS), minute + 1);
    const list = agenda.get(due);
    if (list) list.push(name);
    else agenda.set(due, [name]);
  };

  const askCa = (name: Name, nowMs: number): "issued" | "ca.unreachable" | "ca.validation" => {
    const day = nowMs / DAY_MS;
    if (day >= OUTAGE.fromDay && day < OUTAGE.toDay) return "ca.unreachable";
    perDay[Math.floor(day)] = (perDay[Math.floor(day)] ?? 0) + 1;
    cas.add(name, "order", false, nowMs);
    for (const [scope, limit] of [
      ["account", limits.ordersPerAccount],
      ["registeredDomain", limits.certificatesPerRegisteredDomain],
      ["host", limits.certificatesPerHost],
    ] as const) {
      if (cas.isExceeded(name, scope, "order", limit, nowMs)) result.exceeded.push(`${scope} ${name.host}`);
    }
    if (random() >= name.failing) return "issued";
    cas.add(name, "failedValidation", false, nowMs);
    if (cas.isExceeded(name, "host", "failedValidation", limits.failedValidationsPerHost, nowMs)) {
      result.exceeded.push(`validation ${name.host}`);
    }
    return "ca.validation";
  };

  const attempt = (name: Name, minute: number) => {
    const nowMs = minute * MINUTE_MS;
    const now = new Date(nowMs);
    const lane = orderLane(name, name.current, now);
    for (const rule of rules[lane] ?? []) {
      const held = heldUntil(rule, ours.countthNewest(name, rule), now);
      if (held) return comeBack(name, held.getTime() + random() * HELD_SPREAD_MS, minute);
    }
    ours.add(name, "order", lane === "slow", nowMs);
    const outcome = askCa(name, nowMs);
    if (outcome === "issued") {
      if (name.current) {
        const leftMs = name.current.notAfter.getTime() - nowMs;
        result.worstLeftMs = Math.min(result.worstLeftMs, leftMs);
        if (leftMs <= 0) result.expired++;
      }
      const life = { notBefore: now, notAfter: new Date(nowMs + LIFE_MS) };
      Object.assign(name, { current: life, attempts: 0, lastErrorCode: null });
      return comeBack(name, renewalTime(life, random()).getTime(), minute);
    }
    if (outcome === "ca.validation") ours.add(name, "failedValidation", false, nowMs);
    name.attempts++;
    name.lastErrorCode = outcome;
    return comeBack(name, nowMs + orderRetryDelayMs(name.attempts, { code: outcome }), minute);
  };

  const rank = (name: Name, now: Date) => LANES.indexOf(orderLane(name, name.current, now));
  const endOf = (name: Name) => name.current?.notAfter.getTime() ?? Number.MAX_SAFE_INTEGER;
  for (let minute = 0; minute < days * 1_440; minute++) {
    const due = agenda.get(minute);
    if (!due) continue;
    agenda.delete(minute);
    const now = new Date(minute * MINUTE_MS);
    const places = due.map((name) => ({ name, rank: rank(name, now), end: endOf(name) }));
    places.sort((a, b) => a.rank - b.rank || a.end - b.end);
    for (const { name } of places.slice(0, SWEEP_LIMIT)) attempt(name, minute);
    for (const { name } of places.slice(SWEEP_LIMIT)) comeBack(name, 0, minute);
  }
  return result;
}
