import { createTestDatabase, type TestDatabase } from "@waxseal/db/testing";
import { afterAll, beforeAll, beforeEach, expect, inject, test } from "vitest";
import { CONNECTIONS_A_MINUTE, createConnectionGate } from "./create-connection-gate.ts";

let database: TestDatabase;
beforeAll(async () => {
  database = await createTestDatabase(inject("templateDatabaseUrl"));
});
afterAll(() => database.drop());
beforeEach(() => database.db.mxConnection.deleteMany());

const isOver = AbortSignal.abort();

test("three processes together hold two connections to a provider network; a place is free again when one ends", async () => {
  const processes = [1, 2, 3].map(() => createConnectionGate(database.db));
  const deadline = new AbortController();
  const asked = processes.map((enter, n) => enter(`192.0.2.${n + 1}`, deadline.signal));
  let waiting = 3;
  const settled = asked.map((one) => one.finally(() => (waiting -= 1)));
  await expect.poll(() => waiting).toBe(1);
  expect(await processes[2]?.("198.51.100.1")).toBeTypeOf("function");
  expect(waiting).toBe(1);
  expect(await database.db.mxConnection.count({ where: { network: "192.0.2.0/24" } })).toBe(2);
  const first = await Promise.race(settled);
  first?.();
  await expect.poll(() => waiting).toBe(0);
  const left = await Promise.all(settled);
  expect(left.every((leave) => leave !== undefined)).toBe(true);
});

test("at most 60 connections start in a minute over all processes; one that waits too long is not made", async () => {
  const minute = Array.from({ length: CONNECTIONS_A_MINUTE - 1 }, (_, n) => ({
    id: crypto.randomUUID(),
    network: `10.0.${n}.0/24`,
    startedAt: new Date(Date.now() - 20_000),
    until: new Date(Date.now() - 15_000),
  }));
  await database.db.mxConnection.createMany({ data: minute });
  const [one, other] = [createConnectionGate(database.db), createConnectionGate(database.db)];
  expect(await one("192.0.2.1")).toBeTypeOf("function");
  const deadline = new AbortController();
  const refused = other("198.51.100.1", deadline.signal);
  deadline.abort();
  expect(await refused).toBeUndefined();
  expect(await database.db.mxConnection.count()).toBe(CONNECTIONS_A_MINUTE);
  expect(await other("198.51.100.1", isOver)).toBeUndefined();
});

test("connections of a dead process stop counting when their lease expires", async () => {
  const ended = {
    network: "192.0.2.0/24",
    startedAt: new Date(Date.now() - 90_000),
    until: new Date(Date.now() - 60_000),
  };
  await database.db.mxConnection.createMany({
    data: [1, 2].map(() => ({ ...ended, id: crypto.randomUUID() })),
  });
  expect(await createConnectionGate(database.db)("192.0.2.9")).toBeTypeOf("function");
});
