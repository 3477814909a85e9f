import { chmod, mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { createContext } from "@waxseal/core";
import { createAccount, createApiKey, createUser, OPERATOR } from "@waxseal/core/accounts";
import {
  type Database,
  type EmbeddedPostgres,
  migrate,
  openDatabase,
  startEmbeddedPostgres,
} from "@waxseal/db";
import { afterAll, beforeAll, expect, inject, test } from "vitest";
import { startTestApi, type TestApi } from "../testing/start-test-api.ts";

let folder: string;
let postgres: EmbeddedPostgres;
let api: TestApi;
let key: string;
let db: Database;
const ADA = { email: "ada@example.com", password: "long enough words", name: "Ada" };

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), "waxseal-restart-"));
  await chmod(folder, 0o711);
  postgres = await startEmbeddedPostgres({ dataDir: join(folder, "data"), unsafeFast: true });
  await migrate(postgres.databaseUrl);
  db = openDatabase(postgres.databaseUrl);
  const source = { db, now: () => new Date() };
  await createUser(source, ADA);
  const { id } = await createAccount(source, { name: "Restart", ownerEmail: ADA.email });
  ({ key } = await createApiKey(createContext(source, id, OPERATOR), { name: "k" }));
  api = await startTestApi(inject("templateDatabaseUrl"), { databaseUrl: postgres.databaseUrl });
});
afterAll(async () => {
  await api.stop();
  await db.$disconnect();
  await postgres.stop();
  await rm(folder, { recursive: true });
});

test("with Postgres stopped requests are refused as unavailable; once it is back they are served again", async () => {
  const ask = async () => (await api.ask("GET", "/api/v1/domains", { key })).status;
  const cookie = await signIn();
  // Idle connections that Postgres cuts off must not take the process down.
  expect(await Promise.all([ask(), ask(), ask(), ask()])).toEqual([200, 200, 200, 200]);
  await postgres.stop();
  expect(await ask()).toBe(503);
  expect(await api.ask("GET", "/api/v1/domains", { cookie })).toMatchObject({ status: 503 });
  expect((await api.ask("GET", "/api/v1/info")).status).toBe(200);
  postgres = await startEmbeddedPostgres({
    dataDir: join(folder, "data"),
    port: postgres.port,
    unsafeFast: true,
  });
  await expect.poll(ask, { timeout: 10_000 }).toBe(200);
  expect(await api.ask("GET", "/api/v1/domains", { cookie })).toMatchObject({ status: 200 });
  const added = await api.ask("POST", "/api/v1/domains", { key, body: { domain: "after.example" } });
  expect(added.status).toBe(201);
});

async function signIn(): Promise<string> {
  const { headers } = await api.ask("POST", "/api/auth/sign-in/email", { body: ADA });
  return headers
    .getSetCookie()
    .map((cookie) => cookie.split(";")[0])
    .join("; ");
}
