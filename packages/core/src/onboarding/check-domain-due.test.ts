import { createTestDatabase, type TestDatabase } from "@waxseal/db/testing";
import { afterAll, beforeAll, expect, inject, test } from "vitest";
import { enqueueDuePublications } from "../policies/publish-policy-due.ts";
import { enqueueDueChecks } from "./check-domain-due.ts";

let database: TestDatabase;
beforeAll(async () => {
  database = await createTestDatabase(inject("templateDatabaseUrl"));
});
afterAll(() => database.drop());

const now = new Date("2026-05-01T12:00:00Z");
const at = (minutes: number) => new Date(now.getTime() + minutes * 60_000);

async function add(domain: string, row: { nextCheckAt: Date; status?: "active" | "left" }) {
  const { db } = database;
  const created = await db.domain.create({
    data: { accountId: "a1", domain, token: domain, createdAt: at(-99), servedVersion: 1, ...row },
  });
  const ids = { accountId: "a1", domainId: created.id };
  await db.domainClaim.create({ data: { domain, claimedAt: now, ...ids } });
  await db.policyVersion.create({
    data: {
      ...ids,
      version: 1,
      policyId: "1",
      mode: "testing",
      mx: ["mx.example"],
      maxAgeSeconds: 86_400,
      createdAt: at(-10),
      createdBy: "test",
    },
  });
  return created.id;
}

const keys = async () => {
  const rows = await database.db.$queryRaw<{ key: string }[]>`select key from graphile_worker.jobs`;
  return rows.map(({ key }) => key).sort();
};

test("a check that lost its job gets one, once; what is not due or has left gets none", async () => {
  const { db } = database;
  const due = await add("due.example", { nextCheckAt: at(-2), status: "active" });
  await add("later.example", { nextCheckAt: at(2), status: "active" });
  await add("left.example", { nextCheckAt: at(-2), status: "left" });
  expect(await enqueueDueChecks(db, now, 10)).toBe(1);
  expect(await enqueueDueChecks(db, now, 10)).toBe(0);
  expect(await keys()).toEqual([`domain.check:${due}`]);
});

test("a publication that lost its job gets one once there is a certificate", async () => {
  const { db } = database;
  await db.$executeRaw`delete from graphile_worker._private_jobs`;
  expect(await enqueueDuePublications(db, now, 10)).toBe(0);
  for (const host of ["mta-sts.due.example", "mta-sts.left.example"]) {
    const certified = {
      state: "issued",
      stateSince: now,
      currentCertificateId: crypto.randomUUID(),
    } as const;
    await db.certificateName.create({ data: { accountId: "a1", host, ...certified } });
  }
  expect(await enqueueDuePublications(db, now, 10)).toBe(1);
  expect(await enqueueDuePublications(db, now, 10)).toBe(0);
  await db.$executeRaw`delete from graphile_worker._private_jobs`;
  await db.policyVersion.updateMany({ data: { state: "live" } });
  expect(await enqueueDuePublications(db, now, 10)).toBe(0);
});
