import { randomUUID, X509Certificate } from "node:crypto";
import { createTestDatabase, type TestDatabase } from "@waxseal/db/testing";
import { createSelfSignedPair } from "@waxseal/runtime";
import { DAY_MS, MINUTE_MS } from "@waxseal/runtime/time-spans";
import { afterAll, beforeAll, expect, inject, test } from "vitest";
import { createTestAccount, createTestDomain } from "../../testing/create-test-report.ts";
import type { ProbedMx } from "../judging/read-mx-probe.ts";
import type { SeenMxHost } from "../judging/seen-mx-host.ts";
import { keepMxProbe } from "./keep-mx-probe.ts";

const START = new Date("2026-03-15T06:00:00Z");
const after = (minutes: number) => new Date(START.getTime() + minutes * MINUTE_MS);
let database: TestDatabase;
beforeAll(async () => {
  database = await createTestDatabase(inject("templateDatabaseUrl"));
});
afterAll(() => database.drop());

let hosts = 0;
const newHost = () => `mx${hosts++}.kept.example`;
const seen = (mxHost: string, state: SeenMxHost["state"], change: Partial<SeenMxHost> = {}): SeenMxHost =>
  ({
    mxHost,
    state,
    fault: state === "bad" ? "no-starttls" : null,
    detail: null,
    dane: "none",
    ...change,
  }) as SeenMxHost;
const AWAY = { missing: "timeout", detail: "No answer" } as unknown as ProbedMx;

/** A probe of a host that shows this certificate, and each of its addresses. */
function showing(cert: string, addresses: [string, "fine" | "failed" | "unknown"][] = []): ProbedMx {
  const { validFromDate: notBefore, validToDate: notAfter, raw } = new X509Certificate(cert);
  const certificate = { issuer: "Test CA", notBefore, notAfter, derChain: [raw] };
  const every = { addresses: addresses.map(([address, state]) => ({ address, state, detail: state })) };
  return {
    found: { tlsVersion: "TLSv1.3", address: "192.0.2.1", certificate },
    every,
  } as unknown as ProbedMx;
}
const newCertificate = () => createSelfSignedPair(["mx.example"], START).cert;
const keep = (
  mxHost: string,
  state: SeenMxHost["state"],
  at: Date,
  probe: ProbedMx = AWAY,
  vantage?: string,
) => keepMxProbe(database.db, seen(mxHost, state), probe, at, vantage);
const rowOf = (mxHost: string, address = "", vantage = "own") =>
  database.db.mxHostProbe.findUnique({ where: { mxHost_vantage_address: { mxHost, vantage, address } } });

test("one look that fails makes no host bad; a second at least ten minutes later does", async () => {
  const mxHost = newHost();
  expect((await keep(mxHost, "bad", after(0))).confirmedState).toBe("unknown");
  expect((await keep(mxHost, "bad", after(9))).confirmedState).toBe("unknown");
  expect((await keep(mxHost, "bad", after(10))).confirmedState).toBe("bad");
  expect(await rowOf(mxHost)).toMatchObject({
    ...{ state: "bad", fault: "no-starttls", looksBad: 3, badSince: after(0) },
    ...{ confirmedState: "bad", confirmedFault: "no-starttls", confirmedAt: after(10), probedAt: after(10) },
  });
});

test("a look that shows nothing keeps what counts, and is shown as the last one", async () => {
  const mxHost = newHost();
  await keep(mxHost, "good", after(0));
  await keep(mxHost, "good", after(10));
  expect((await keep(mxHost, "unknown", after(20))).confirmedState).toBe("good");
  expect(await rowOf(mxHost)).toMatchObject({ state: "unknown", confirmedState: "good", looksGood: 2 });
});

test("looks at the same instant are each counted", async () => {
  const mxHost = newHost();
  await Promise.all([1, 2, 3, 4].map((n) => keep(mxHost, "bad", after(n))));
  expect((await rowOf(mxHost))?.looksBad).toBe(4);
});

test("each current address has one row, and a removed address has none", async () => {
  const mxHost = newHost();
  const cert = newCertificate();
  await keep(
    mxHost,
    "good",
    after(0),
    showing(cert, [
      ["192.0.2.1", "fine"],
      ["192.0.2.2", "failed"],
      ["2001:db8::1", "unknown"],
    ]),
  );
  const states = async () =>
    (await database.db.mxHostProbe.findMany({ where: { mxHost }, orderBy: { address: "asc" } })).map(
      ({ address, state, detail }) => `${address} ${state} ${detail}`,
    );
  expect(await states()).toEqual([
    " good null",
    "192.0.2.1 good null",
    "192.0.2.2 bad failed",
    "2001:db8::1 unknown unknown",
  ]);
  await keep(mxHost, "good", after(10), showing(cert, [["192.0.2.2", "fine"]]));
  expect(await states()).toEqual([" good null", "192.0.2.2 good null"]);
});

test("looks from another line are counted apart", async () => {
  const mxHost = newHost();
  await keep(mxHost, "bad", after(0));
  await keep(mxHost, "good", after(10), AWAY, "elsewhere");
  expect((await keep(mxHost, "bad", after(10))).confirmedState).toBe("bad");
  expect(await rowOf(mxHost, "", "elsewhere")).toMatchObject({ looksBad: 0, looksGood: 1 });
});

test("a certificate is in the history of its host once, from the first look to the last; a new one is added", async () => {
  const mxHost = newHost();
  const [first, second] = [newCertificate(), newCertificate()];
  await keep(mxHost, "good", after(0), showing(first));
  await keep(mxHost, "good", after(10), showing(first));
  await keep(mxHost, "good", after(20), showing(second));
  const rows = await database.db.mxHostCertificate.findMany({
    where: { mxHost },
    orderBy: { firstSeenAt: "asc" },
  });
  expect(rows.map(({ firstSeenAt, lastSeenAt }) => [firstSeenAt, lastSeenAt])).toEqual([
    [after(0), after(10)],
    [after(20), after(20)],
  ]);
  const [, newest] = rows;
  expect(await rowOf(mxHost)).toMatchObject({
    spki256: newest?.spki256,
    tlsVersion: "TLSv1.3",
    issuer: "Test CA",
  });
});

/** A domain that uses the host, or did, and is judged a day later. */
async function useHost(mxHost: string, { isFormer = false } = {}) {
  const ctx = await createTestAccount(database.db, () => START);
  const { accountId, domainId } = await createTestDomain(ctx, `d${randomUUID()}.example`);
  const mxHosts = [{ mxHost: isFormer ? "other.example" : mxHost, preference: 10 }];
  await database.db.domain.updateMany({
    where: { id: domainId },
    data: { mxHosts, judgeAt: after(24 * 60) },
  });
  const sighting = { accountId, domainId, mxHost, preference: 10, firstSeenAt: START, lastSeenAt: START };
  await database.db.mxSighting.create({ data: sighting });
  return async () => (await database.db.domain.findFirstOrThrow({ where: { id: domainId } })).judgeAt;
}

test("every domain that uses a host is judged when another state counts, and not at each look", async () => {
  const mxHost = newHost();
  const judged = [await useHost(mxHost), await useHost(mxHost)];
  const former = await useHost(mxHost, { isFormer: true });
  const times = async () => Promise.all([...judged, former].map((read) => read()));
  await keep(mxHost, "good", after(0));
  await keep(mxHost, "good", after(10));
  const [one, two, other] = await times();
  expect([one, two, other]).toEqual([after(0), after(0), after(24 * 60)]);
  await database.db.domain.updateMany({
    where: { mxHosts: { array_contains: [{ mxHost }] } },
    data: { judgeAt: after(24 * 60) },
  });
  await keep(mxHost, "good", after(20));
  expect(await times()).toEqual(Array(3).fill(after(24 * 60)));
  await keep(mxHost, "bad", after(30));
  expect(await times()).toEqual(Array(3).fill(after(24 * 60)));
  await keep(mxHost, "bad", after(40));
  expect((await times()).slice(0, 2)).toEqual([after(40), after(40)]);
});

test("a renewed certificate has the domains judged, and one look without any is no change of it", async () => {
  const mxHost = newHost();
  const judgeAt = await useHost(mxHost);
  const later = async () => {
    await database.db.domain.updateMany({
      where: { mxHosts: { array_contains: [{ mxHost }] } },
      data: { judgeAt: after(24 * 60) },
    });
  };
  await keep(mxHost, "good", after(0), showing(newCertificate()));
  await keep(mxHost, "good", after(10), showing(newCertificate()));
  await later();
  await keep(mxHost, "unknown", after(20));
  expect(await judgeAt()).toEqual(after(24 * 60));
  const renewed = createSelfSignedPair(["mx.example"], new Date(START.getTime() + 30 * DAY_MS)).cert;
  await keep(mxHost, "good", after(30), showing(renewed));
  expect(await judgeAt()).toEqual(after(30));
});

test("a bad look that does not count yet is looked at again after ten minutes, never later than planned", async () => {
  const mxHost = newHost();
  const plan = (nextProbeAt: Date) =>
    database.db.mxHostWatch.upsert({
      where: { mxHost },
      create: { mxHost, nextProbeAt },
      update: { nextProbeAt },
    });
  const planned = async () =>
    (await database.db.mxHostWatch.findUniqueOrThrow({ where: { mxHost } })).nextProbeAt;
  await plan(after(600));
  await keep(mxHost, "bad", after(0));
  expect(await planned()).toEqual(after(10));
  await plan(after(3));
  await keep(mxHost, "bad", after(1));
  expect(await planned()).toEqual(after(3));
  await plan(after(600));
  await keep(mxHost, "bad", after(12));
  expect(await planned()).toEqual(after(600));
});
