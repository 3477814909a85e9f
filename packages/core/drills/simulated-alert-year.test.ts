import { DAY_MS, HOUR_MS } from "@waxseal/runtime/time-spans";
import { expect, test } from "vitest";
import {
  countNotices,
  createRandom,
  listMessages,
  type ScriptedFault,
  type SimulatedDomain,
  simulateDomain,
} from "../testing/simulate-alert-year.ts";

const START = Date.parse("2026-01-01T00:00:00Z");
const DOMAINS = 300;
const VOLUMES = [5, 30, 300, 5_000];
const onDay = (day: number) => START + day * DAY_MS + 10 * HOUR_MS;
const fault = (kind: ScriptedFault["kind"], day: number, hours: number): ScriptedFault => ({
  ...{ kind, fromMs: onDay(day), untilMs: onDay(day) + hours * HOUR_MS },
});

/** Five domains for each kind of fault, with how long it lasts; the condition that its owner hears of. */
const SCRIPT: readonly [
  kind: ScriptedFault["kind"],
  hours: number,
  conditions: string[],
  withinHours: number,
][] = [
  ["starttls", 72, ["mx.badTls"], 7],
  // Announced a week before it happens, under the same cause.
  ["expired", 48, ["mx.expiring"], 0],
  ["cname", 30, ["cname.missing"], 7],
  ["uncovered", 30, ["mx.uncovered"], 7],
  ["failures", 240, ["failures.up"], 100],
  ["fresh", 240, ["failures.new"], 60],
  ["claim", 48, ["claim.lost"], 7],
  ["refused", 72, ["host.refused"], 7],
  // Notices: in the summary only.
  ["silence", 480, [], 0],
  ["reporter", 480, [], 0],
];

const faulty: SimulatedDomain[] = SCRIPT.flatMap(([kind, hours], place) =>
  Array.from({ length: 5 }, (_, count) =>
    domain(`${kind}${count}.example`, [fault(kind, 80 + place * 15 + count * 30, hours)], 300),
  ),
);
/** Forty customers of one provider behind one mail host that is broken for a day. */
const shared: SimulatedDomain[] = Array.from({ length: 40 }, (_, count) => ({
  ...domain(`customer${count}.example`, [fault("starttls", 250, 24)], 5),
  ...{ account: "provider", mxHost: "mx.hosting.example" },
}));
const healthy: SimulatedDomain[] = Array.from(
  { length: DOMAINS - faulty.length - shared.length },
  (_, count) => domain(`healthy${count}.example`, [], VOLUMES[count % VOLUMES.length] ?? 5),
);

function domain(id: string, faults: ScriptedFault[], sessionsADay: number): SimulatedDomain {
  return { id, account: id, mxHost: `mx1.${id}`, sessionsADay, faults };
}

const seeds = new Map([...faulty, ...shared, ...healthy].map(({ id }, place) => [id, 1_000 + place]));
const yearOf = (domains: readonly SimulatedDomain[]) =>
  listMessages(domains.flatMap((one) => simulateDomain(one, START, createRandom(seeds.get(one.id) ?? 1))));

test.each(SCRIPT)(
  "the owner of a domain with the fault %s gets one message and its end",
  (kind, _hours, conditions, withinHours) => {
    const own = faulty.filter(({ id }) => id.startsWith(kind));
    for (const one of own) {
      const messages = yearOf([one]);
      expect([one.id, messages.map((message) => `${message.kind} ${message.condition}`)]).toEqual([
        one.id,
        conditions.flatMap((condition) => [`opened ${condition}`, expect.stringMatching(/^resolved /)]),
      ]);
      const [opened] = messages;
      const [scripted] = one.faults;
      if (!opened || !scripted) continue;
      const hours = (opened.atMs - scripted.fromMs) / HOUR_MS;
      expect(hours).toBeLessThanOrEqual(withinHours);
    }
  },
);

test("forty customers behind one broken mail host are one message to their provider and one end", () => {
  const messages = yearOf(shared).filter(({ condition }) => condition === "mx.badTls");
  expect(messages.map(({ kind, causeKey }) => `${kind} ${causeKey}`)).toEqual([
    "opened mx:mx.hosting.example",
    "resolved mx:mx.hosting.example",
  ]);
});

test("a healthy domain causes at most one false warning a year, at any volume", () => {
  for (const volume of VOLUMES) {
    const domains = healthy.filter(({ sessionsADay }) => sessionsADay === volume);
    const opened = yearOf(domains).filter(({ kind }) => kind === "opened");
    expect([volume, opened.length / domains.length]).toEqual([
      volume,
      expect.toSatisfy((rate: number) => rate <= 1),
    ]);
  }
});

test("a sender that stops reporting, and all of them, are each a notice and not a message", () => {
  const noticesOf = (one: SimulatedDomain) => countNotices(simulateDomain(one, START, createRandom(1)));
  const quiet = { ...domain("quiet.example", [], 300) };
  for (const kind of ["silence", "reporter"] as const)
    expect(noticesOf({ ...quiet, faults: [fault(kind, 120, 480)] })).toBeGreaterThan(noticesOf(quiet));
});

test("the summaries of a healthy domain's year hold at most four notices", () => {
  const notices = healthy.map((one) =>
    countNotices(simulateDomain(one, START, createRandom(seeds.get(one.id) ?? 1))),
  );
  expect(notices.reduce((sum, count) => sum + count, 0) / healthy.length).toBeLessThanOrEqual(4);
});
