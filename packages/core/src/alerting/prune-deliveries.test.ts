import { randomUUID } from "node:crypto";
import { createTestDatabase, type TestDatabase } from "@waxseal/db/testing";
import { afterAll, beforeAll, expect, inject, test } from "vitest";
import { pruneDeliveries } from "./prune-deliveries.ts";

let database: TestDatabase;
beforeAll(async () => {
  database = await createTestDatabase(inject("templateDatabaseUrl"));
});
afterAll(() => database.drop());

test("attempts and messages are kept for 30 days, those of an open alert until 30 days after its end", async () => {
  const { db } = database;
  const accountId = "pruning";
  const old = new Date(Date.now() - 31 * 86_400_000);
  const incidents = { open: randomUUID(), over: randomUUID() };
  const about = {
    accountId,
    causeKey: "k",
    condition: "mx.badTls",
    subject: "mx",
    severity: "warning",
    openedAt: old,
  };
  await db.incident.create({ data: { ...about, id: incidents.open } });
  await db.incident.create({ data: { ...about, id: incidents.over, resolvedAt: old } });
  const add = async (name: string, incidentId: string | null, createdAt: Date) => {
    const id = randomUUID();
    const message = { accountId, id, incidentId, userId: name, kind: "opened", state: "sent", createdAt };
    await db.notification.create({ data: { ...message, nextAt: createdAt } });
    const attempt = { accountId, notificationId: id, at: createdAt, outcome: "delivered", ms: 1 };
    await db.delivery.create({ data: { ...attempt, id: randomUUID() } });
  };
  await add("of an open alert", incidents.open, old);
  await add("of one that is over", incidents.over, old);
  await add("of none", null, old);
  await add("new", null, new Date());
  await pruneDeliveries(db);
  const left = await db.notification.findMany({ where: { accountId } });
  expect(left.map(({ userId }) => userId).sort()).toEqual(["new", "of an open alert"]);
  expect(await db.delivery.count({ where: { accountId } })).toBe(1);
});
