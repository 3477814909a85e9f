import { createTestDatabase, type TestDatabase } from "@waxseal/db/testing";
import { afterAll, beforeAll, expect, inject, test } from "vitest";
import { floodIngest } from "./flood-ingest.ts";
import { type ForkedIngest, forkIngest } from "./fork-ingest.ts";

/** Defines the test of a flood that lasts this long, during which at least `leastSent` reports get through. */
export function testSurvivesFlood({
  durationMs,
  leastSent,
}: {
  durationMs: number;
  leastSent: number;
}): void {
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

  test(`while one address floods for ${durationMs / 1_000} s with 1,000 connections, slow mails and noise, each report of ten reporters is accepted within 5 s, and the database grows by less than 20 MB`, async () => {
    const { sent, refused, slowestMs, grownBytes } = await floodIngest(ingest, database.db, durationMs);
    console.log({ sent, refused: refused.length, slowestMs: Math.round(slowestMs), grownBytes });
    expect(sent).toBeGreaterThan(leastSent);
    expect(refused).toEqual([]);
    expect(slowestMs).toBeLessThan(5_000);
    expect(grownBytes).toBeLessThan(20_000_000);
  });
}
