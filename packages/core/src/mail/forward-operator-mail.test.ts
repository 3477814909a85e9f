import { createServer } from "node:net";
import { createTestDatabase, type TestDatabase } from "@waxseal/db/testing";
import { afterAll, beforeAll, beforeEach, expect, inject, onTestFinished, test } from "vitest";
import { createMailer } from "./create-mailer.ts";
import { forwardOperatorMail } from "./forward-operator-mail.ts";
import { receiveOperatorMail } from "./receive-operator-mail.ts";

const RAW = Buffer.from(
  "From: x@bank.example\r\nSubject: Abuse\r\nDKIM-Signature: v=1\r\n\r\nPlease look.\r\n",
);
let database: TestDatabase;
beforeAll(async () => {
  database = await createTestDatabase(inject("templateDatabaseUrl"));
});
beforeEach(() => database.db.operatorMail.deleteMany());
afterAll(() => database.drop());

/** A mail server that takes everything, or nothing; what it was sent. */
async function startRelay({ takes }: { takes: boolean }) {
  const mails: string[] = [];
  const server = createServer((socket) => {
    let text = "";
    let isData = false;
    socket.on("error", () => undefined);
    socket.write("220 relay.example\r\n");
    socket.on("data", (chunk) => {
      text += chunk.toString();
      if (isData && text.endsWith("\r\n.\r\n")) {
        mails.push(text);
        isData = false;
        text = "";
        return socket.write("250 ok\r\n");
      }
      if (isData || !text.endsWith("\n")) return;
      isData = takes && /^DATA/i.test(text);
      const reply = isData
        ? "354 go on"
        : /^(RCPT|DATA)/i.test(text) && !takes
          ? "451 later"
          : "250 relay.example";
      text = "";
      return socket.write(`${reply}\r\n`);
    });
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  onTestFinished(() => void server.close());
  const address = server.address();
  return { mails, port: typeof address === "object" && address ? address.port : 0 };
}

function keep(): Promise<string> {
  return receiveOperatorMail(database.db, {
    mailbox: "abuse@reports.example",
    raw: RAW,
    remoteAddress: "192.0.2.1",
    envelopeFrom: "x@bank.example",
    receivedAt: new Date(),
  });
}

async function forward(port: number, failures: unknown[] = []) {
  const mailer = createMailer({
    smtpUrl: `smtp://127.0.0.1:${port}`,
    from: "Waxseal <no-reply@ours.example>",
  });
  const result = await forwardOperatorMail({
    db: database.db,
    mailer,
    operatorAddress: "operator@people.example",
    reportsDomain: "reports.example",
    onFailure: (error) => failures.push(error),
  });
  mailer.close();
  return result;
}

const makeDue = () => database.db.$executeRaw`update operator_mail set next_attempt_at = clock_timestamp()`;

test("RFC 5321 §4.5.1: mail to abuse reaches the operator, whole and from an address of ours (DMARC)", async () => {
  const id = await keep();
  const relay = await startRelay({ takes: true });
  expect(await forward(relay.port)).toEqual({ sent: 1, failed: 0 });
  const [mail = ""] = relay.mails;
  expect(mail).toMatch(/^From: Waxseal <no-reply@ours\.example>/m);
  expect(mail).toMatch(/^To: operator@people\.example/m);
  expect(mail).toContain(`Message-ID: <${id}@reports.example>`);
  expect(mail).toMatch(/^Auto-Submitted: auto-generated/m);
  expect(mail).toMatch(/^X-Waxseal-Forwarded: reports\.example/m);
  expect(mail).toContain("Content-Type: message/rfc822");
  expect(mail).toContain(RAW.toString().trimEnd());
  expect(await database.db.operatorMail.count()).toBe(0);
});

test("no mail is lost while the mail server refuses; each is sent once when it accepts again", async () => {
  await keep();
  const failures: unknown[] = [];
  const away = await startRelay({ takes: false });
  expect(await forward(away.port, failures)).toEqual({ sent: 0, failed: 1 });
  expect(await forward(away.port, failures)).toEqual({ sent: 0, failed: 0 });
  expect(failures).toHaveLength(1);
  await makeDue();
  const relay = await startRelay({ takes: true });
  const results = await Promise.all([forward(relay.port), forward(relay.port)]);
  expect(results.map(({ sent }) => sent).toSorted()).toEqual([0, 1]);
  expect(relay.mails).toHaveLength(1);
});

test("a thousand mails that wait are enough", async () => {
  await database.db.$executeRaw`
    insert into operator_mail (id, mailbox, received_at, raw)
    select gen_random_uuid(), 'abuse@reports.example', now(), '' from generate_series(1, 1000)`;
  await expect(keep()).rejects.toMatchObject({ code: "limit_reached" });
});
