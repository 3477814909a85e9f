import { once } from "node:events";
import { connect } from "node:net";
import { connect as connectTls } from "node:tls";
import { testPolicy, testReportJson, testReportMail } from "@waxseal/core/reports/testing";
import { afterAll, beforeAll, expect, inject, test } from "vitest";
import { createTestIngest, type TestIngest } from "../testing/create-test-ingest.ts";
import { deliverBySmtp, talkSmtp } from "../testing/talk-smtp.ts";

const DAY = new Date().toISOString().slice(0, 10);
const MAIL = testReportMail(testReportJson(DAY, { policies: [testPolicy("example.com")] }));
let running: TestIngest;
let limited: TestIngest;
beforeAll(async () => {
  running = await createTestIngest(inject("templateDatabaseUrl"), { uploadTimeoutMs: 400, maxRecipients: 3 });
  limited = await createTestIngest(inject("templateDatabaseUrl"), {
    maxConnections: 4,
    maxConnectionsPerAddress: 3,
    maxMessagesPerAddress: 2,
    maxStrayPerAddress: 3,
    maxBytesInFlight: 1024 * 1024,
    maxMessageBytes: 1024 * 1024,
    slowWindowMs: 200,
  });
});
afterAll(async () => {
  await running.stop();
  await limited.stop();
});

async function expectService(): Promise<void> {
  const { address } = await running.startDomain();
  expect((await deliverBySmtp(running.ingest.smtpPort, [address], MAIL)).data).toMatch(/^250/);
}

/** Sends bytes after the greeting, or at once, and resolves with all that came back until the server hung up. */
async function shout(bytes: Buffer, waitForGreeting = true): Promise<string> {
  const socket = connect(running.ingest.smtpPort, "127.0.0.1");
  let received = "";
  socket.on("data", (chunk) => {
    received += chunk.toString("latin1");
  });
  socket.on("error", () => undefined);
  if (waitForGreeting) await once(socket, "data");
  socket.end(bytes);
  await new Promise((resolve) => socket.once("close", resolve));
  return received;
}

const rubbish: [string, string][] = [
  ["an HTTP request", "GET / HTTP/1.1\r\nHost: x\r\n\r\n"],
  ["a TLS client hello", "\x16\x03\x01\x02\x00\x01\x00\x01\xfc\x03\x03"],
  ["NUL bytes", "\0".repeat(5_000)],
  ["a command line of a megabyte", `EHLO ${"x".repeat(1_000_000)}\r\n`],
  ["a thousand unknown commands", "XYZZY\r\n".repeat(1_000)],
  ["DATA without a recipient", "EHLO x\r\nDATA\r\nhello\r\n.\r\nQUIT\r\n"],
  [
    "addresses that are none",
    `EHLO x\r\nMAIL FROM:<<>>\r\nRCPT TO:<@@@>\r\nRCPT TO:${"<".repeat(900)}\r\nQUIT\r\n`,
  ],
  ["bare line feeds and dots", "EHLO x\nMAIL FROM:<a@b.example>\n.\n.\r\n\r\n.\r\n"],
  ["AUTH, VRFY, EXPN, TURN", "EHLO x\r\nAUTH PLAIN AGEAYg==\r\nVRFY root\r\nEXPN all\r\nTURN\r\nQUIT\r\n"],
];

test.each(rubbish)("%s does no harm", async (_name, text) => {
  const answer = await shout(Buffer.from(text, "latin1"));
  expect(answer).toMatch(/^220 /);
  expect(answer).not.toMatch(/^(?:235|250 2\.0\.0 Kept)/m);
  await expectService();
});

test("RFC 5321 §3.1: a client that talks before the greeting is turned away", async () => {
  expect(await shout(Buffer.from("EHLO x\r\n"), false)).toMatch(/^421 /);
});

test("RFC 5321 §4.1: made-up sessions in any order never bring it down or get a message through", async () => {
  const words = [
    "EHLO x",
    "HELO",
    "MAIL FROM:<a@b.example>",
    "RCPT TO:<x@reports.example.net>",
    "DATA",
    "RSET",
    ".",
    "NOOP",
    "STARTTLS",
    "BDAT 5 LAST",
    "\x80\xff",
  ];
  for (let round = 0; round < 60; round++) {
    const lines = Array.from(
      { length: 12 },
      (_, step) => words[(round * 7 + step * step * 3 + step) % words.length],
    );
    expect(await shout(Buffer.from(`${lines.join("\r\n")}\r\n`, "latin1"))).not.toContain("Kept as");
  }
  await expectService();
});

test("RFC 5321 §4.5.3.1.8: recipients beyond the limit are put off, the others still get the message", async () => {
  const domains = [];
  for (let index = 0; index < 4; index++) domains.push(await running.startDomain());
  const sent = await deliverBySmtp(
    running.ingest.smtpPort,
    domains.map(({ address }) => address),
    MAIL,
  );
  expect(sent.recipients.map((reply) => reply.slice(0, 3))).toEqual(["250", "250", "250", "452"]);
  expect(sent.data).toMatch(/^250/);
});

test("a client that goes away in the middle of a message leaves nothing behind", async () => {
  const { ctx, address } = await running.startDomain();
  const talk = await talkSmtp(running.ingest.smtpPort);
  for (const line of ["EHLO x", "MAIL FROM:<>", `RCPT TO:<${address}>`, "DATA"]) await talk.say(line);
  talk.socket().write(MAIL.subarray(0, 300));
  talk.socket().destroy();
  await expectService();
  expect(await running.database.reports.reportMessage.count({ where: { accountId: ctx.accountId } })).toBe(0);
});

test("an upload that trickles is cut off, others are not kept waiting", async () => {
  const { owner } = await running.startDomain();
  const socket = connectTls({ port: running.ingest.httpsPort, host: "127.0.0.1", rejectUnauthorized: false });
  await once(socket, "secureConnect");
  const head = [
    "POST /v1/tlsrpt/",
    owner.token,
    " HTTP/1.1\r\nHost: x\r\nContent-Type: application/tlsrpt+gzip\r\n",
  ];
  socket.write(`${head.join("")}Content-Length: 1000\r\n\r\nabc`);
  socket.on("error", () => undefined);
  socket.resume();
  await new Promise((resolve) => socket.once("close", resolve));
  expect(await running.database.reports.reportMessage.count({ where: { accountId: owner.accountId } })).toBe(
    0,
  );
});

test("idle connections of one address go for newer ones, oldest first, with a goodbye", async () => {
  const talks = [];
  for (let index = 0; index < 3; index++) talks.push(await talkSmtp(limited.ingest.smtpPort));
  const [oldest] = talks;
  const fourth = await talkSmtp(limited.ingest.smtpPort);
  expect(await fourth.say("EHLO x")).toMatch(/^250/);
  expect(await oldest?.say("EHLO x")).toMatch(/^421 4\.3\.2 |closed/);
  for (const talk of [...talks, fourth]) talk.close();
});

test("one address may send only so many messages a minute; more are put off, not lost", async () => {
  const { address } = await limited.startDomain();
  const replies: string[] = [];
  for (let index = 0; index < 3; index++) {
    replies.push((await deliverBySmtp(limited.ingest.smtpPort, [address], MAIL)).data.slice(0, 9));
  }
  expect(replies).toEqual(["250 2.0.0", "250 2.0.0", "450 4.7.1"]);
});

test("100 unknown recipients put off further unknown ones, never the good reports of the same address", async () => {
  const { address } = await limited.startDomain();
  const strangers = ["a", "b", "c", "d"].map((letter) => `${letter.repeat(16)}@reports.example.net`);
  const talk = await talkSmtp(limited.ingest.smtpPort);
  for (const line of ["EHLO x", "MAIL FROM:<>"]) await talk.say(line);
  const replies = [];
  for (const recipient of [...strangers, address, ...strangers.slice(0, 1)])
    replies.push((await talk.say(`RCPT TO:<${recipient}>`)).slice(0, 9));
  expect(replies).toEqual([
    ...["550 5.1.1", "550 5.1.1", "550 5.1.1", "450 4.7.1"],
    ...["250 Accep", "450 4.7.1"],
  ]);
  talk.close();
});
