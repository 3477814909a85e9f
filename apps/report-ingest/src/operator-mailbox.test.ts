import { randomUUID } from "node:crypto";
import { createBounceAddresses } from "@waxseal/core/mail";
import { testPolicy, testReportJson, testReportMail } from "@waxseal/core/reports/testing";
import { afterAll, beforeAll, expect, inject, test } from "vitest";
import { createTestIngest, type TestIngest } from "../testing/create-test-ingest.ts";
import { deliverBySmtp } from "../testing/talk-smtp.ts";
import { parseRecipient } from "./parse-recipient.ts";

const DOMAIN = "reports.example.net";
const SECRET_KEYS = `k:${Buffer.alloc(32, 7).toString("base64url")}`;
const MAIL = Buffer.from("From: a@b.example\r\nSubject: Abuse\r\n\r\nPlease look.\r\n");
let world: TestIngest;
beforeAll(async () => {
  world = await createTestIngest(inject("templateDatabaseUrl"), {
    maxMessagesPerAddress: 10_000,
    secretKeys: SECRET_KEYS,
  });
});
afterAll(() => world.stop());

const send = (recipients: string[], mail: Buffer = MAIL, from?: string) =>
  deliverBySmtp(world.ingest.smtpPort, recipients, mail, from);

test.each([
  ["postmaster", "postmaster@reports.example.net"],
  ["PostMaster", "postmaster@reports.example.net"],
  [`postmaster@${DOMAIN}`, "postmaster@reports.example.net"],
  [`POSTMASTER@${DOMAIN.toUpperCase()}.`, "postmaster@reports.example.net"],
  [`"postmaster"@${DOMAIN}`, "postmaster@reports.example.net"],
  [`postmaster@mx.${DOMAIN}`, "postmaster@mx.reports.example.net"],
  [`abuse+x@${DOMAIN}`, "abuse@reports.example.net"],
])("RFC 5321 §4.5.1: %s is the operator's mailbox %s", (address, mailbox) => {
  expect(parseRecipient(address, DOMAIN)).toEqual({ mailbox });
});

test.each([
  "abuse",
  "root",
  "postmaster@elsewhere.example",
  `postmaster@x.${DOMAIN}`,
  `abuse@elsewhere.example`,
])("%s is no mailbox here", (address) => {
  expect(parseRecipient(address, DOMAIN)).toBe("elsewhere");
});

test("RFC 5321 §4.5.1, RFC 2142 §2: mail to postmaster and abuse is kept for the operator once it is answered 250", async () => {
  const sent = await send(["postmaster", `abuse@${DOMAIN}`]);
  expect(sent.recipients.map((reply) => reply.slice(0, 3))).toEqual(["250", "250"]);
  expect(sent.data).toMatch(/^250 2\.0\.0 Kept as /);
  const kept = await world.database.db.operatorMail.findMany();
  expect(kept.map(({ mailbox, remoteAddress }) => [mailbox, remoteAddress])).toEqual([
    [`postmaster@${DOMAIN}`, "127.0.0.1"],
  ]);
  expect(Buffer.from(kept[0]?.raw ?? []).toString()).toBe(MAIL.toString());
  expect(await world.database.reports.reportMessage.count()).toBe(0);
});

test("a report and a mail to the operator go separately", async () => {
  const { address } = await world.startDomain();
  const replies = (await send([address, `abuse@${DOMAIN}`])).recipients.map((reply) => reply.slice(0, 9));
  expect(replies).toEqual(["250 Accep", "452 4.5.3"]);
  const report = testReportMail(testReportJson("2026-01-01", { policies: [testPolicy("example.com")] }));
  expect((await send([`abuse@${DOMAIN}`, address], report)).recipients[1]).toMatch(/^452 4\.5\.3 /);
});

test("RFC 5321 §6.3: what we forwarded, and what came through too many hosts, is refused as a loop", async () => {
  const bounce = `Subject: Undelivered\r\n\r\n> x-waxseal-forwarded: ${DOMAIN}\r\n`;
  expect((await send(["postmaster"], Buffer.from(bounce))).data).toMatch(/^554 5\.4\.6 /);
  const hops = `${"Received: from a by b\r\n".repeat(51)}\r\nx\r\n`;
  expect((await send(["postmaster"], Buffer.from(hops))).data).toMatch(/^554 5\.4\.6 /);
});

test("the operator's mailbox takes no more than a megabyte, and from one network no more than a person reads", async () => {
  const large = Buffer.concat([MAIL, Buffer.from(`${"x".repeat(998)}\r\n`.repeat(1_100))]);
  expect((await send(["postmaster"], large)).data).toMatch(/^552 5\.3\.4 /);
  let kept = 0;
  let last = "";
  for (let index = 0; index < 10 && !last.startsWith("452"); index++) {
    const bomb = await Promise.all(Array.from({ length: 10 }, () => send(["postmaster"], MAIL, "127.0.3.1")));
    kept += bomb.filter(({ data }) => data.startsWith("250")).length;
    last = bomb.at(-1)?.data ?? "";
  }
  expect(last).toMatch(/^452 4\.2\.2 /);
  expect(kept).toBeLessThanOrEqual(64);
  expect((await send(["postmaster"], MAIL, "127.0.3.2")).data).toMatch(/^250 /);
});

test("a bounce is taken at an address that we signed, and refused at every other one", async () => {
  const address = createBounceAddresses(SECRET_KEYS, DOMAIN).addressFor(randomUUID());
  const forged = address.replace(/.@/, (last) => (last.startsWith("0") ? "1@" : "0@"));
  expect((await send([forged], MAIL, "")).recipients[0]).toMatch(/^550 5\.1\.1 /);
  expect((await send([address.toUpperCase()], MAIL, "")).data).toMatch(/^250 2\.0\.0 Kept as /);
  expect(await world.database.db.operatorMail.count({ where: { mailbox: address } })).toBe(1);
});

test("without an operator's address the mailboxes do not exist", async () => {
  const without = await createTestIngest(inject("templateDatabaseUrl"), { hasOperator: false });
  const { recipients } = await deliverBySmtp(without.ingest.smtpPort, ["postmaster"], MAIL);
  expect(recipients[0]).toMatch(/^550 5\.1\.1 /);
  await without.stop();
});
