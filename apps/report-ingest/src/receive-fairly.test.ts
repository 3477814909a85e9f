import { connect } from "node:net";
import { testPolicy, testReportJson, testReportMail } from "@waxseal/core/reports/testing";
import { afterAll, beforeAll, expect, inject, test } from "vitest";
import { createTestIngest, type TestIngest } from "../testing/create-test-ingest.ts";
import { deliverBySmtp, talkSmtp } from "../testing/talk-smtp.ts";

const MB = 1024 * 1024;
const DAY = new Date().toISOString().slice(0, 10);
const MAIL = testReportMail(testReportJson(DAY, { policies: [testPolicy("example.com")] }));
const LINE = `${"x".repeat(998)}\r\n`;
let world: TestIngest;
let address: string;
beforeAll(async () => {
  world = await createTestIngest(inject("templateDatabaseUrl"), {
    maxMessageBytes: MB,
    maxBytesInFlight: 2 * MB,
    slowWindowMs: 1_000,
    maxConnectionsPerAddress: 500,
  });
  ({ address } = await world.startDomain());
});
afterAll(() => world.stop());

async function openData(from = "127.0.0.1") {
  const talk = await talkSmtp(world.ingest.smtpPort, from);
  for (const line of ["EHLO x", "MAIL FROM:<>", `RCPT TO:<${address}>`]) await talk.say(line);
  expect(await talk.say("DATA")).toMatch(/^354/);
  return talk;
}

test("unfinished mails that fill one address's share block no report, and end when no data arrives", async () => {
  const unfinished = await Promise.all(Array.from({ length: 4 }, () => openData("127.0.0.2")));
  for (const talk of unfinished) talk.socket().write(LINE.repeat(900));
  const large = Buffer.concat([MAIL, Buffer.from(LINE.repeat(500))]);
  expect((await deliverBySmtp(world.ingest.smtpPort, [address], large)).data).toMatch(/^250/);
  for (const sender of ["127.0.0.2", "127.0.0.3"])
    expect((await deliverBySmtp(world.ingest.smtpPort, [address], MAIL, sender)).data).toMatch(/^250/);
  const ends = await Promise.all(unfinished.map((talk) => talk.next()));
  expect(ends.map((reply) => reply.slice(0, 9))).toEqual(Array(4).fill("421 4.4.2"));
});

test("RFC 1870 §6.1: a message without end is cut off at twice the size", async () => {
  const talk = await openData();
  const socket = talk.socket();
  const reply = talk.next();
  let written = 0;
  while (written < 20 * MB && !socket.destroyed && socket.writable) {
    written += LINE.length * 100;
    if (!socket.write(LINE.repeat(100)))
      await Promise.race([new Promise((done) => socket.once("drain", done)), reply]);
    if ((await Promise.race([reply, Promise.resolve("")])) !== "") break;
  }
  expect(await reply).toMatch(/^552 5\.3\.4 |closed/);
  expect(written).toBeLessThan(15 * MB);
  socket.destroy();
});

test("500 silent connections do not keep other clients out", async () => {
  const idle = Array.from({ length: 500 }, () =>
    connect({ port: world.ingest.smtpPort, host: "127.0.0.1", localAddress: "127.0.0.4" }).on(
      "error",
      () => undefined,
    ),
  );
  await Promise.all(
    idle.map((socket) => new Promise((done) => socket.once("connect", done).once("close", done))),
  );
  for (const sender of ["127.0.0.4", "127.0.0.5"])
    expect((await deliverBySmtp(world.ingest.smtpPort, [address], MAIL, sender)).data).toMatch(/^250/);
  for (const socket of idle) socket.destroy();
});
