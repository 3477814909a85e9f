// A process that floods an ingest from one address until it is killed: idle connections, slow mails, noise and made-up reports.
import { randomBytes } from "node:crypto";
import { once } from "node:events";
import { request } from "node:https";
import { connect, type Socket } from "node:net";
import { gzipSync } from "node:zlib";
import { testPolicy, testReportJson } from "@waxseal/core/reports/testing";
import { deliverBySmtp, talkSmtp } from "../testing/talk-smtp.ts";

/** What to flood. */
export type Flood = { smtpPort: number; httpsPort: number; from: string; token: string; address: string };

const DAY = new Date().toISOString().slice(0, 10);
const IDLE_PER_PORT = 500;
const SLOW_MAILS = 30;
const NOISE_SENDERS = 4;
const NOISE = [20_000, 250_000, 2_000_000, 20_000_000].map((bytes) => randomBytes(bytes));
const ignore = () => undefined;

process.once("message", (flood: Flood) => {
  for (const port of [flood.smtpPort, flood.httpsPort]) {
    for (let index = 0; index < IDLE_PER_PORT; index++) void forever(() => holdIdle(port, flood.from));
  }
  for (let index = 0; index < SLOW_MAILS; index++) void forever(() => sendSlowly(flood));
  for (let index = 0; index < NOISE_SENDERS; index++) {
    let n = index;
    void forever(() => upload(flood, NOISE[n++ % NOISE.length] ?? Buffer.alloc(0)));
    void forever(() => upload(flood, madeUpReport(n++)));
    void forever(() => deliverBySmtp(flood.smtpPort, [flood.address], noiseMail(n++), flood.from));
  }
});
process.on("disconnect", () => process.exit(0));

async function forever(work: () => Promise<unknown>): Promise<void> {
  for (;;) {
    await work().catch(ignore);
    await new Promise((resolve) => setTimeout(resolve, 50));
  }
}

async function holdIdle(port: number, from: string): Promise<void> {
  const socket: Socket = connect({ port, host: "127.0.0.1", localAddress: from }).on("error", ignore);
  socket.resume();
  await new Promise((resolve) => socket.once("close", resolve));
}

async function sendSlowly({ smtpPort, from, address }: Flood): Promise<void> {
  const talk = await talkSmtp(smtpPort, from);
  for (const line of ["EHLO x", "MAIL FROM:<>", `RCPT TO:<${address}>`, "DATA"]) await talk.say(line);
  const socket = talk.socket();
  socket.write(Buffer.alloc(1_000_000, "x"));
  const trickle = setInterval(() => socket.write("x"), 1_000);
  await once(socket, "close");
  clearInterval(trickle);
}

function upload({ httpsPort, from, token }: Flood, body: Buffer): Promise<unknown> {
  return new Promise((resolve) => {
    const headers = { "content-type": "application/tlsrpt+gzip" };
    const path = `/v1/tlsrpt/${token}`;
    const options = { port: httpsPort, host: "127.0.0.1", localAddress: from, method: "POST", path, headers };
    const sent = request({ ...options, rejectUnauthorized: false, agent: false }, (response) => {
      response.resume();
      response.on("close", resolve);
    });
    sent.on("error", resolve);
    sent.end(body);
  });
}

function madeUpReport(n: number): Buffer {
  return gzipSync(
    testReportJson(DAY, { reportId: `flood-${n}-${Math.random()}`, policies: [testPolicy("example.com")] }),
  );
}

function noiseMail(n: number): Buffer {
  const text = (NOISE[n % 2] ?? Buffer.alloc(0)).toString("base64").replaceAll(/.{76}/g, "$&\r\n");
  return Buffer.from(`From: a@b.example\r\nSubject: ${n}\r\n\r\n${text}\r\n`);
}
