import { receiveBounces, TEST_MAIL_SETTING } from "@waxseal/core/alerting";
import { createBounceAddresses, type Mail } from "@waxseal/core/mail";
import { createTestDatabase, type TestDatabase } from "@waxseal/db/testing";
import { afterAll, beforeAll, expect, inject, test } from "vitest";
import { createIntakeTest } from "./probe-own-intake.ts";

const DOMAIN = "reports.example.net";
const bounces = createBounceAddresses(`k:${Buffer.alloc(32, 7).toString("base64url")}`, DOMAIN);
let database: TestDatabase;
beforeAll(async () => {
  database = await createTestDatabase(inject("templateDatabaseUrl"));
});
afterAll(() => database.drop());

test("our own test mail is under way until it arrives: sent once by two workers, again until it does, then each half hour", async () => {
  const { db } = database;
  let at = new Date("2026-05-01T12:00:00Z");
  const now = () => at;
  const wait = (minutes: number) => {
    at = new Date(at.getTime() + minutes * 60_000);
  };
  const sent: Mail[] = [];
  const mailer = { sendMail: async (mail: Mail) => void sent.push(mail) };
  const [one, other] = [0, 1].map(() => createIntakeTest({ db, bounces, mailer, now }));
  const ask = async () => [await one?.(), await other?.()];
  const arrive = async (mailbox: string) => {
    const mail = { id: crypto.randomUUID(), mailbox, receivedAt: at, raw: Buffer.from("Subject: x\r\n\r\n") };
    await db.operatorMail.create({ data: mail });
    await receiveBounces({ db, now, bounces });
  };

  expect(await ask()).toEqual([0, 0]);
  expect(sent).toHaveLength(1);
  wait(11);
  expect(await ask()).toEqual([660, 660]);
  expect(new Set(sent.map(({ to }) => to)).size).toBe(1);
  await arrive(bounces.addressFor(crypto.randomUUID()));
  expect(await ask()).toEqual([660, 660]);
  await arrive(sent[0]?.to ?? "");
  expect(await db.operatorSetting.count({ where: { name: TEST_MAIL_SETTING } })).toBe(0);
  const before = sent.length;
  wait(20);
  expect(await ask()).toEqual([0, 0]);
  expect(sent).toHaveLength(before);
  wait(11);
  await ask();
  expect(sent).toHaveLength(before + 1);
  expect(sent.at(-1)?.to).not.toBe(sent[0]?.to);
});
