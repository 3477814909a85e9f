import { createTestDatabase, type TestDatabase } from "@waxseal/db/testing";
import { HOUR_MS } from "@waxseal/runtime/time-spans";
import { afterAll, beforeAll, expect, inject, test } from "vitest";
import { createContext, jobActor } from "../context.ts";
import { listChallenges } from "../serving/list-challenges.ts";
import { pruneCertificates } from "./prune-certificates.ts";
import { publishChallenge } from "./publish-challenge.ts";

let database: TestDatabase;
beforeAll(async () => {
  database = await createTestDatabase(inject("templateDatabaseUrl"));
});
afterAll(() => database.drop());

test.each([
  ["a year ahead", 365 * 24 * HOUR_MS],
  ["two hours behind", -2 * HOUR_MS],
])(
  "RFC 8555 §8.3: a challenge of a worker whose clock is %s is answered, for an hour by Postgres' clock",
  async (_, offsetMs) => {
    const { db } = database;
    const now = () => new Date(Date.now() + offsetMs);
    const ctx = createContext({ db, now }, "a1", jobActor("test"));
    const token = `token${offsetMs}`;
    const publish = () => publishChallenge(ctx, { token, keyAuthorization: `${token}.k`, host: "h.example" });
    await publish();
    const left = async () => (await listChallenges(db)).find((one) => one.token === token)?.leftMs ?? 0;
    expect(await left()).toBeGreaterThan(HOUR_MS - 60_000);
    expect(await left()).toBeLessThanOrEqual(HOUR_MS);
    // Nor does the sweep of such a worker take it away.
    await pruneCertificates(db, now());
    expect(await left()).toBeGreaterThan(0);

    await db.acmeChallenge.update({ where: { token }, data: { expiresAt: new Date(Date.now() - 1_000) } });
    expect(await left()).toBe(0);
    await publish();
    expect(await left()).toBeGreaterThan(HOUR_MS - 60_000);
  },
);
