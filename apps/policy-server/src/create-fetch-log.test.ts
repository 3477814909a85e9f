import type { HandshakeFailures, PolicyFetches } from "@waxseal/core/serving";
import { afterEach, beforeEach, expect, test } from "vitest";
import { createFetchLog, type FetchLog, type FetchLogBounds } from "./create-fetch-log.ts";

const FETCH = {
  policyHost: "mta-sts.example.com",
  version: 3,
  status: 200,
  clientAddress: "192.0.2.7",
};
let now: Date;
let log: FetchLog;
let written: PolicyFetches[];
let failures: HandshakeFailures[];
let statements: number;
let broken: boolean;
const errors: unknown[] = [];

function open(bounds?: FetchLogBounds): void {
  log = createFetchLog({
    now: () => now,
    writeFetches: async (fetches) => {
      statements += 1;
      if (broken) throw new Error("away");
      written.push(...fetches);
    },
    writeFailures: async (rows) => {
      if (broken) throw new Error("away");
      failures.push(...rows);
    },
    onError: (error) => void errors.push(error),
    ...(bounds ? { bounds } : {}),
  });
}

beforeEach(() => {
  now = new Date("2026-05-01T10:59:59Z");
  written = [];
  failures = [];
  statements = 0;
  broken = false;
  errors.length = 0;
});
afterEach(() => log.stop());

const sum = (rows: readonly PolicyFetches[]) => rows.reduce((total, row) => total + row.fetches, 0);

test("fetches are counted by domain, version, hour, status and client network, and written in one statement", async () => {
  open();
  log.countFetch(FETCH);
  log.countFetch({ ...FETCH, clientAddress: "192.0.2.250" });
  log.countFetch({ ...FETCH, clientAddress: "2001:db8::1" });
  log.countFetch({ ...FETCH, status: 421 });
  now = new Date("2026-05-01T11:00:00Z");
  log.countFetch({ ...FETCH, version: 4 });
  log.countFailure("", "unknown-name");
  log.countFailure("", "unknown-name");
  await log.flush();
  const row = { domain: "example.com", version: 3, status: 200, network: "192.0.2.0/24", fetches: 1 };
  const hour = new Date("2026-05-01T10:00:00Z");
  expect(written).toEqual([
    { ...row, hour, fetches: 2 },
    { ...row, hour, network: "2001:db8::/48" },
    { ...row, hour, status: 421 },
    { ...row, hour: now, version: 4 },
  ]);
  expect(failures).toEqual([{ policyHost: "", hour: now, reason: "unknown-name", network: "", failures: 2 }]);
  await log.flush();
  expect(statements).toBe(1);
});

test("of failed handshakes only those that mail servers or we cause keep the client's network", async () => {
  open();
  const policyHost = "mta-sts.example.com";
  log.countFailure(policyHost, "tlsv1-alert-unknown-ca", "192.0.2.1");
  log.countFailure(policyHost, "tlsv1-alert-unknown-ca", "192.0.2.9");
  log.countFailure(policyHost, "no-certificate", "198.51.100.1");
  log.countFailure(policyHost, "econnreset", "203.0.113.1");
  log.countFailure("", "no-certificate", "203.0.113.1");
  await log.flush();
  expect(failures.map(({ reason, network, failures: count }) => [reason, network, count])).toEqual([
    ["tlsv1-alert-unknown-ca", "192.0.2.0/24", 2],
    ["no-certificate", "198.51.100.0/24", 1],
    ["econnreset", "", 1],
    ["no-certificate", "", 1],
  ]);
});

test("fetches that cannot be written are kept, added to, and written once the database is back", async () => {
  open();
  broken = true;
  log.countFetch(FETCH);
  log.countFailure("", "unknown-name");
  await log.flush();
  expect(errors).toHaveLength(1);
  log.countFetch(FETCH);
  broken = false;
  await log.flush();
  expect(written.map(({ fetches }) => fetches)).toEqual([2]);
  expect(failures.map((failure) => failure.failures)).toEqual([1]);
});

test("counts that arrive while a statement runs are of the next one", async () => {
  open();
  log.countFetch(FETCH);
  const running = log.flush();
  log.countFetch(FETCH);
  await running;
  expect(sum(written)).toBe(1);
  await log.stop();
  expect(sum(written)).toBe(2);
});

test("the database away for ever and clients from everywhere take bounded memory, and nothing is counted twice", async () => {
  open({ maxEntries: 100, maxNetworksPerHost: 1_000, maxNetworks: 1_000 });
  broken = true;
  for (let client = 0; client < 500; client += 1) {
    log.countFetch({ ...FETCH, clientAddress: `10.1.${client % 250}.1` });
    log.countFetch({ ...FETCH, policyHost: `mta-sts.${client}.example` });
    log.countFailure(`mta-sts.${client}.example`, "no-certificate");
    if (client % 50 === 0) await log.flush();
  }
  broken = false;
  await log.flush();
  expect(written.length).toBeLessThanOrEqual(200);
  expect(failures).toHaveLength(100);
  expect(written.some(({ network }) => network === "other")).toBe(true);
  expect(sum(written) + failures.length + log.lost()).toBe(1_500);
});

test.each([
  { maxNetworksPerHost: 5, maxNetworks: 1_000, keptApart: 3 * 5 },
  { maxNetworksPerHost: 1_000, maxNetworks: 25, keptApart: 25 },
])(
  "an hour has $maxNetworksPerHost networks per host and $maxNetworks at all, however often it is written",
  async (bounds) => {
    open({ maxEntries: 10_000, ...bounds });
    for (let client = 0; client < 250; client += 1) {
      for (const policyHost of ["mta-sts.a.example", "mta-sts.b.example", "mta-sts.c.example"]) {
        log.countFetch({ ...FETCH, policyHost, clientAddress: `10.1.${client}.1` });
      }
      if (client % 50 === 0) await log.flush();
    }
    await log.flush();
    const networks = new Set(written.map(({ domain, network }) => `${domain} ${network}`));
    expect(networks.size).toBe(bounds.keptApart + 3);
    expect(sum(written)).toBe(750);
    now = new Date("2026-05-01T11:00:00Z");
    written = [];
    log.countFetch({ ...FETCH, policyHost: "mta-sts.a.example", clientAddress: "10.9.9.9" });
    await log.flush();
    expect(written[0]?.network).toBe("10.9.9.0/24");
  },
);
