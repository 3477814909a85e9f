import { connect as connectTcp } from "node:net";
import { createInterface } from "node:readline";
import { connect as connectTls } from "node:tls";
import { afterAll, beforeAll, expect, inject, test } from "vitest";
import { createTestIngest, type TestIngest } from "../testing/create-test-ingest.ts";

/** PROXY v2 from 192.0.2.1 and from 192.0.2.9. */
const header = (lastByte: string) =>
  Buffer.from(`0d0a0d0a000d0a515549540a2111000cc00002${lastByte}cb0071079c4001bb`, "hex");
let world: TestIngest;
beforeAll(async () => {
  const limits = { maxStrayPerAddress: 2, maxConnectionsPerAddress: 1, proxyProtocolFrom: ["127.0.0.0/8"] };
  world = await createTestIngest(inject("templateDatabaseUrl"), limits);
});
afterAll(() => world?.stop());

/** One upload through a front that says this first; the status of the answer, 0 when there is none. */
async function upload(path: string, first: Buffer): Promise<number> {
  const raw = connectTcp(world.ingest.httpsPort, "127.0.0.1");
  raw.on("error", () => undefined);
  raw.write(first);
  const socket = connectTls({ socket: raw, rejectUnauthorized: false });
  const body = '{"not":"a report"}';
  socket.write(
    `POST ${path} HTTP/1.1\r\nHost: reports.example\r\nConnection: close\r\nContent-Type: application/tlsrpt+json\r\nContent-Length: ${body.length}\r\n\r\n${body}`,
  );
  let text = "";
  socket.on("data", (chunk: Buffer) => {
    text += chunk.toString("latin1");
  });
  socket.on("error", () => undefined);
  await new Promise((resolve) => raw.once("close", resolve));
  return Number(text.split(" ")[1] ?? 0);
}

test("behind a front, what is stored and what is limited is the client's address", async () => {
  const { address } = await world.startDomain("front.example");
  const path = `/v1/tlsrpt/${address.split("@")[0]}`;
  expect(await upload(path, header("01"))).toBe(201);
  const [message] = await world.database.reports.reportMessage.findMany();
  expect(message?.remoteAddress).toBe("192.0.2.1");
  const unknown = "/v1/tlsrpt/aaaaaaaaaaaaaaaa";
  expect(await upload(unknown, header("01"))).toBe(404);
  expect(await upload(unknown, header("01"))).toBe(404);
  expect(await upload(unknown, header("01"))).toBe(429);
  expect(await upload(unknown, header("09"))).toBe(404);
});

test("a front that sends no header of version 2 gets no answer", async () => {
  expect(await upload("/", Buffer.from("PROXY TCP4 192.0.2.1 192.0.2.2 1 2\r\n"))).toBe(0);
  expect(await upload("/", Buffer.alloc(0))).toBe(0);
});

/** One mail through a front that says this first; every reply. */
async function mail(recipient: string, first: Buffer): Promise<string[]> {
  const socket = connectTcp(world.ingest.smtpPort, "127.0.0.1");
  socket.on("error", () => undefined);
  socket.write(first);
  const lines = createInterface({ input: socket })[Symbol.asyncIterator]();
  const replies: string[] = [];
  for (const command of [
    "",
    "HELO x",
    "MAIL FROM:<>",
    `RCPT TO:<${recipient}>`,
    "DATA",
    "Subject: x\r\n\r\n.",
    "QUIT",
  ]) {
    if (command) socket.write(`${command}\r\n`);
    const { value = "closed" } = await lines.next();
    replies.push(value.slice(0, 3));
  }
  socket.destroy();
  return replies;
}

test("mail behind a front counts and is kept by the client's address too", async () => {
  const { address, ctx } = await world.startDomain("mail.example");
  expect(await mail(address, header("05"))).toEqual(["220", "250", "250", "250", "354", "250", "221"]);
  const [message] = await world.database.reports.reportMessage.findMany({
    where: { accountId: ctx.accountId },
  });
  expect(message?.remoteAddress).toBe("192.0.2.5");
  expect((await mail(address, Buffer.from("EHLO x\r\n")))[0]).not.toBe("220");
});
