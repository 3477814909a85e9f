import { expect, test } from "vitest";
import { judgeOperator, type OperatorFacts } from "./judge-operator.ts";

const GOOD: OperatorFacts = {
  hasDatabase: true,
  hasReportsDatabase: true,
  ca: { budget: { ca: "ca.example", share: 0.8 }, heldOrders: 0, failingSeconds: 3_599 },
  certificates: { served: 10_000, endIn7Days: 5, endIn2Days: 0 },
  ingest: {
    ...{ oldestSeconds: 300, lastHours: 0, weekBefore: 50 },
    day: { messages: 100, unreadable: 30 },
    week: { messages: 700, unreadable: 70 },
  },
  dns: [{ authority: "ns2.example", names: 3, seconds: 599 }],
  mail: { oldestSeconds: 600, ended: 100, givenUp: 5 },
  stores: { connections: 80, allowed: 100, deadJobs: 0, jobLagSeconds: 120 },
  serving: [{ node: "policy-server a", isAway: false, lag: 100 }],
  fetches: { tried: 20, wrong: 9 },
  watch: { lagSeconds: 600, isLineDown: false, errors: 0 },
  testMailSeconds: 600,
  resolver: { isFailing: false },
  disks: [{ folder: "/var/lib/waxseal", freeShare: 0.15 }],
  keys: { tried: 5, wrong: 0 },
  fetchFaults: { domains: 0, example: "" },
};
const UNKNOWN: OperatorFacts = {
  ...{ hasDatabase: true, hasReportsDatabase: true, ca: null, certificates: null, ingest: null, dns: [] },
  ...{ mail: null, stores: null, serving: null, fetches: null, watch: null },
  ...{ testMailSeconds: null, resolver: null, disks: null, keys: null, fetchFaults: null },
};
const ingest = { oldestSeconds: 0, lastHours: 9, weekBefore: 9 };

test("at every limit an installation is well, and what is unknown is neither good nor bad", () => {
  expect(judgeOperator(GOOD)).toEqual([]);
  expect(judgeOperator(UNKNOWN)).toEqual([]);
});

const bad: [name: string, changes: Partial<OperatorFacts>, found: string[]][] = [
  [
    "a CA's limit is nearly used",
    { ca: { budget: { ca: "ca.example", share: 0.81 }, heldOrders: 0, failingSeconds: 0 } },
    ["op.ca ca.example warning"],
  ],
  [
    "orders are held",
    { ca: { budget: null, heldOrders: 1, failingSeconds: 0 } },
    ["op.ca held orders warning"],
  ],
  [
    "the CA fails for an hour",
    { ca: { budget: null, heldOrders: 0, failingSeconds: 3_600 } },
    ["op.ca certificate authority warning"],
  ],
  [
    "one certificate of many ends in two days",
    { certificates: { served: 1_000_000, endIn7Days: 1, endIn2Days: 1 } },
    ["op.fleetExpiry policy certificates critical"],
  ],
  [
    "six of many end in a week",
    { certificates: { served: 1_000_000, endIn7Days: 6, endIn2Days: 0 } },
    ["op.fleetExpiry policy certificates warning"],
  ],
  [
    "one of few ends in a week",
    { certificates: { served: 10, endIn7Days: 1, endIn2Days: 0 } },
    ["op.fleetExpiry policy certificates warning"],
  ],
  [
    "reports wait to be read",
    { ingest: { oldestSeconds: 301, lastHours: 9, weekBefore: 9 } },
    ["op.ingest unread reports critical"],
  ],
  [
    "reports stay away that came a week ago",
    { ingest: { oldestSeconds: 0, lastHours: 0, weekBefore: 51 } },
    ["op.ingest no reports critical"],
  ],
  [
    "an unusual share of reports cannot be read",
    {
      ingest: { ...ingest, day: { messages: 100, unreadable: 31 }, week: { messages: 700, unreadable: 70 } },
    },
    ["op.ingest quarantine share warning"],
  ],
  [
    "reports that cannot be read, after a week without any",
    { ingest: { ...ingest, day: { messages: 10, unreadable: 10 }, week: { messages: 0, unreadable: 0 } } },
    ["op.ingest quarantine share warning"],
  ],
  [
    "a few unreadable ones are nothing",
    { ingest: { ...ingest, day: { messages: 9, unreadable: 9 }, week: { messages: 9, unreadable: 0 } } },
    [],
  ],
  ["our own test mail stays away", { testMailSeconds: 601 }, ["op.ingest own test mail critical"]],
  ["our resolver fails", { resolver: { isFailing: true } }, ["op.dns own resolver critical"]],
  [
    "a disk fills up",
    {
      disks: [
        { folder: "/a", freeShare: 0.14 },
        { folder: "/b", freeShare: 0.04 },
      ],
    },
    ["op.stores disk of /a warning", "op.stores disk of /b critical"],
  ],
  ["keys do not open", { keys: { tried: 5, wrong: 1 } }, ["op.serving keys critical"]],
  [
    "reports blame us for failed fetches",
    { fetchFaults: { domains: 2, example: "example.com" } },
    ["op.serving reported fetches warning"],
  ],
  ["judging fails", { watch: { lagSeconds: 0, isLineDown: false, errors: 1 } }, ["op.watch errors critical"]],
  [
    "a fallback CA is used",
    { ca: { budget: null, heldOrders: 0, failingSeconds: 0, fallback: "other.example" } },
    ["op.ca fallback warning"],
  ],
  ["the reports' database is away", { hasReportsDatabase: false }, ["op.ingest reports database critical"]],
  [
    "a secondary is silent for ten minutes",
    { dns: [{ authority: "ns2.example", names: 1, seconds: 600 }] },
    ["op.dns ns2.example critical"],
  ],
  [
    "mail waits",
    { mail: { oldestSeconds: 601, ended: 0, givenUp: 0 } },
    ["op.mailOut outgoing mail critical"],
  ],
  [
    "mail is refused",
    { mail: { oldestSeconds: 0, ended: 99, givenUp: 5 } },
    ["op.mailOut outgoing mail critical"],
  ],
  [
    "connections run out",
    { stores: { connections: 81, allowed: 100, deadJobs: 0, jobLagSeconds: 0 } },
    ["op.stores connections warning"],
  ],
  [
    "a job was given up",
    { stores: { connections: 1, allowed: 100, deadJobs: 1, jobLagSeconds: 0 } },
    ["op.stores jobs given up warning"],
  ],
  [
    "jobs wait",
    { stores: { connections: 1, allowed: 100, deadJobs: 0, jobLagSeconds: 121 } },
    ["op.stores waiting jobs warning"],
  ],
  [
    "a server is away, and another lags",
    {
      serving: [
        { node: "a", isAway: true, lag: 0 },
        { node: "b", isAway: false, lag: 101 },
      ],
    },
    ["op.serving a critical", "op.serving b critical"],
  ],
  ["policies cannot be fetched", { fetches: { tried: 20, wrong: 10 } }, ["op.serving public path critical"]],
  ["judging lags", { watch: { lagSeconds: 601, isLineDown: false } }, ["op.watch judgements critical"]],
  ["our own line is down", { watch: { lagSeconds: 0, isLineDown: true } }, ["op.watch own line critical"]],
];

test.each(bad)("%s", (_name, changes, found) => {
  const findings = judgeOperator({ ...GOOD, ...changes });
  expect(findings.map(({ code, subject, severity }) => `${code} ${subject} ${severity}`)).toEqual(found);
  for (const { text } of findings) expect(text).toMatch(/^[A-Za-z].+[.`]$/s);
});

test("without a database only that is known", () => {
  const found = judgeOperator({ ...GOOD, hasDatabase: false, hasReportsDatabase: false, dns: [] });
  expect(found.map(({ code, subject }) => `${code} ${subject}`)).toEqual(["op.stores database"]);
});
