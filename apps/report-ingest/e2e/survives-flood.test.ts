import { createTestDatabase, type TestDatabase } from "@waxseal/db/testing";
import { afterAll, beforeAll, expect, inject, test } from "vitest";
import { floodIngest } from "./flood-ingest.ts";
import { type ForkedIngest, forkIngest } from "./fork-ingest.ts";

let database: TestDatabase;
let ingest: ForkedIngest;
beforeAll(async () => {
  database = await createTestDatabase(inject("templateDatabaseUrl"));
  ingest = await forkIngest(database, { limits: "default" });
  await ingest.start();
});
afterAll(async () => {
  await ingest.stop();
  await database.drop();
});

test("while one address floods with 1,000 connections, slow mails and noise, every reporter's report is taken within 5 s", async () => {
  const { sent, refused, slowestMs, grownBytes } = await floodIngest(ingest, database.db, 8_000);
  expect(sent).toBeGreaterThan(10);
  expect(refused).toEqual([]);
  expect(slowestMs).toBeLessThan(5_000);
  expect(grownBytes).toBeLessThan(20_000_000);
});
