import { openSqlDatabase } from "@waxseal/db/sql";
import { createTestDatabase, type TestDatabase } from "@waxseal/db/testing";
import { afterAll, beforeAll, expect, inject, test, vi } from "vitest";
import { createSecretBox } from "../secret-box.ts";
import { askDatabase } from "./ask-database.ts";
import { watchKeys } from "./watch-keys.ts";

const boxOf = (byte: number) => createSecretBox(`k${byte}:${Buffer.alloc(32, byte).toString("base64url")}`);
const [right, wrong] = [boxOf(1), boxOf(2)];
const away = openSqlDatabase("postgresql://nobody:x@127.0.0.1:1/nothing", { poolSize: 1 });

let database: TestDatabase;
beforeAll(async () => {
  database = await createTestDatabase(inject("templateDatabaseUrl"));
});
afterAll(async () => {
  await away.close();
  await database.drop();
});

async function addCertificate(host: string, keyJwe: string): Promise<void> {
  const { db } = database;
  const dates = { notBefore: new Date(0), notAfter: new Date(), createdAt: new Date() };
  const about = { accountId: "a", host, chainPem: "", issuer: "CA", serial: "1", fingerprint256: "" };
  const { id } = await db.certificate.create({
    data: { ...about, keyJwe, ...dates, directoryUrl: "https://ca.example/dir" },
  });
  await db.certificateName.create({
    data: { accountId: "a", host, state: "issued", stateSince: new Date(), currentCertificateId: id },
  });
}

test("keys that open nothing, or not all, are not right, with a count, for worker and API by their own roles", async () => {
  const { db } = database;
  expect(await watchKeys(db, wrong.openSync)()).toBe(true);
  await addCertificate("a.example", await right.seal("x"));
  await addCertificate("b.example", await right.seal("y"));
  await db.acmeAccount.create({
    data: { directoryUrl: "https://ca.example/dir", keyJwe: await right.seal("z"), createdAt: new Date() },
  });
  const [worker, api] = await Promise.all(
    (["worker", "api"] as const).map(async (app) =>
      openSqlDatabase(await database.urlAs(app), { poolSize: 1 }),
    ),
  );
  if (!worker || !api) throw new Error("no connection");
  const ofWorker = (box: typeof right) => watchKeys(worker, box.openSync, { hasAccounts: true });
  expect(await ofWorker(wrong)()).toBe("SECRET_KEYS do not open 3 of 3 stored keys.");
  expect(await watchKeys(api, wrong.openSync)()).toBe("SECRET_KEYS do not open 2 of 2 stored keys.");
  expect(await ofWorker(right)()).toBe(true);
  await addCertificate("c.example", await wrong.seal("other"));
  expect(await watchKeys(api, right.openSync)()).toBe("SECRET_KEYS do not open 1 of 3 stored keys.");
  await Promise.all([worker.close(), api.close()]);
});

test("keys that opened all once are right for good, wrong ones are tried again, and an away database says nothing", async () => {
  const { db } = database;
  const openAll = vi.fn();
  const needOpen = watchKeys(db, openAll);
  const needWrong = watchKeys(db, wrong.openSync);
  expect([await needOpen(), await needWrong()]).toEqual([true, expect.stringContaining("do not open")]);
  await db.certificateName.deleteMany();
  openAll.mockImplementation(() => {
    throw new Error("damaged");
  });
  expect([await needOpen(), await needWrong()]).toEqual([true, expect.stringContaining("do not open")]);
  const clock = vi.spyOn(performance, "now").mockReturnValue(performance.now() + 11_000);
  expect(await needWrong()).toBe(true);
  clock.mockRestore();
  expect(await watchKeys(away, wrong.openSync)()).toBe(true);
});

test("a database that is away, or accepts only reads, is not what a process needs that writes", async () => {
  expect(await askDatabase(database.db)).toBe(true);
  expect(await askDatabase(away)).toBe("The database does not answer.");
  const url = new URL(database.databaseUrl);
  url.searchParams.set("options", "-c default_transaction_read_only=on");
  const standby = openSqlDatabase(url.href, { poolSize: 1 });
  expect(await askDatabase(standby)).toMatch(/^The database accepts only reads/);
  await standby.close();
});
