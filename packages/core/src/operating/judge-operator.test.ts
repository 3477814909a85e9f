import { expect, test } from "vitest";
import { judgeOperator, type OperatorFacts } from "./judge-operator.ts";

const GOOD: OperatorFacts = {
  hasDatabase: true,
  hasReportsDatabase: true,
  ca: { budget: { ca: "ca.example", share: 0.8 }, heldOrders: 0, failingSeconds: 3_599 },
  certificates: { served: 10_000, endIn7Days: 5, endIn2Days: 0 },
  ingest: { oldestSeconds: 300, lastHours: 0, weekBefore: 50 },
  dns: [{ authority: "ns2.example", names: 3, seconds: 599 }],
  mail: { oldestSeconds: 600, ended: 100, givenUp: 5 },
  stores: { connections: 80, allowed: 100, deadJobs: 0, jobLagSeconds: 120 },
  serving: [{ node: "policy-server a", isAway: false, lag: 100 }],
  fetches: { tried: 20, wrong: 9 },
  watch: { lagSeconds: 600, isLineDown: false },
};
const UNKNOWN: OperatorFacts = {
  ...{ hasDatabase: true, hasReportsDatabase: true, ca: null, certificates: null, ingest: null, dns: [] },
  ...{ mail: null, stores: null, serving: null, fetches: null, watch: null },
};

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
