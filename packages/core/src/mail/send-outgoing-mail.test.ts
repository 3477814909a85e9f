import { randomBytes } from "node:crypto";
import { createTestDatabase, type TestDatabase } from "@waxseal/db/testing";
import { afterAll, beforeAll, expect, inject, test } from "vitest";
import { listConditions } from "../operating/operator-condition.ts";
import { createSecretBox } from "../secret-box.ts";
import { type Mail, MailNotTaken } from "./create-mailer.ts";
import {
  judgeMailQueue,
  listStuckMails,
  pruneOutgoingMails,
  retryStuckMails,
} from "./list-outgoing-mails.ts";
import { createMailQueue, type OutgoingMailTerms } from "./queue-mail.ts";
import { enqueueDueMails, sendOutgoingMail } from "./send-outgoing-mail.ts";

const secretBox = createSecretBox(`a:${randomBytes(32).toString("base64url")}`);
const queueMail = createMailQueue(secretBox);
const AWAY = new MailNotTaken("The mail server does not answer.", { isPermanent: false });
const UNKNOWN = new MailNotTaken("The mail server answered: 550 5.1.1 unknown", { isPermanent: true });

let database: TestDatabase;
beforeAll(async () => {
  database = await createTestDatabase(inject("templateDatabaseUrl"));
});
afterAll(() => database.drop());

let count = 0;
/** Queues a mail with a link; returns its id. */
async function queue(terms: Partial<OutgoingMailTerms> = {}): Promise<string> {
  count += 1;
  const to = `person${count}@people.example`;
  const mail = { to, subject: "s", text: `https://waxseal.example/reset/secret${count}`, html: "h" };
  await database.db.$transaction((tx) => queueMail(tx, mail, { kind: "reset", ...terms }));
  const { id } = await database.db.outgoingMail.findFirstOrThrow({ where: { recipient: to } });
  return id;
}

function relay(failure?: MailNotTaken) {
  const taken: Mail[] = [];
  const sendMail = async (mail: Mail) => {
    if (failure) throw failure;
    taken.push(mail);
  };
  const deps = { db: database.db, mailer: { sendMail }, secretBox, messageIdHost: "reports.example" };
  return { taken, send: (mailId: string) => sendOutgoingMail(deps, { mailId }) };
}

const rowOf = (id: string) => database.db.outgoingMail.findUniqueOrThrow({ where: { id } });
/** As if that much time had passed for the mail. */
const age = (id: string, interval: string) => database.db.$executeRaw`
  update outgoing_mail set created_at = created_at - ${interval}::interval, next_attempt_at = next_attempt_at - ${interval}::interval,
    give_up_at = give_up_at - ${interval}::interval, ended_at = ended_at - ${interval}::interval where id = ${id}::uuid`;
async function jobOf(id: string) {
  const [job] = await database.db.$queryRaw<{ waits: number; queue: string }[]>`
    select extract(epoch from run_at - now())::float8 as waits, queue_name as queue from graphile_worker.jobs where key = ${`mail.send:${id}`}`;
  return job;
}

test("a mail waits while the mail server is away, and leaves whole when it is back", async () => {
  const picture = { id: "logo", contentType: "image/png", bytes: new Uint8Array([1, 2, 255]) };
  const mail = {
    to: "p@people.example",
    subject: "s",
    text: "t",
    html: "h",
    replyTo: "r@x.example",
    picture,
  };
  await database.db.$transaction((tx) => queueMail(tx, mail, { kind: "instructions" }));
  const { id } = await database.db.outgoingMail.findFirstOrThrow({ where: { recipient: mail.to } });
  expect((await jobOf(id))?.waits).toBeLessThanOrEqual(0);
  expect(await relay(AWAY).send(id)).toBe("again");
  expect(await rowOf(id)).toMatchObject({ state: "waiting", attempts: 1, problem: AWAY.message });
  expect((await jobOf(id))?.waits).toBeGreaterThan(30);
  const back = relay();
  expect(await back.send(id)).toBe("nothing");
  await age(id, "2 minutes");
  expect(await back.send(id)).toBe("sent");
  expect(back.taken).toMatchObject([{ ...mail, picture: { ...picture, bytes: Buffer.from(picture.bytes) } }]);
  expect(back.taken[0]?.messageId).toBe(`<${id}@reports.example>`);
  expect(await rowOf(id)).toMatchObject({ state: "sent", sealed: "", problem: null });
  expect(await back.send(id)).toBe("nothing");
});

test("the links of waiting mails cannot be read from the table", async () => {
  const id = await queue();
  expect(JSON.stringify(await rowOf(id))).not.toContain("secret");
});

test("a mail exists exactly if what it is about does, and once per reference", async () => {
  const mail = { to: "rolled-back@people.example", subject: "s", text: "t", html: "h" };
  const undone = database.db.$transaction(async (tx) => {
    await queueMail(tx, mail, { kind: "invitation" });
    throw new Error("undone");
  });
  await expect(undone).rejects.toThrow("undone");
  const twice = { to: "once@people.example", subject: "s", text: "t", html: "h" };
  for (const _ of [1, 2])
    await database.db.$transaction((tx) => queueMail(tx, twice, { kind: "alert", reference: "n1" }));
  const rows = await database.db.outgoingMail.findMany({ where: { recipient: { in: [mail.to, twice.to] } } });
  expect(rows.map(({ recipient }) => recipient)).toEqual([twice.to]);
});

test("mails that people wait for do not queue behind alerts", async () => {
  const lanes = await Promise.all(
    [await queue({ kind: "reset" }), await queue({ kind: "alert" })].map(
      async (id) => (await jobOf(id))?.queue,
    ),
  );
  expect(lanes).toEqual([
    expect.stringMatching(/^mail\/person\/[01]$/),
    expect.stringMatching(/^mail\/crowd\/[01]$/),
  ]);
});

test("RFC 5321 §4.5.4.1: waits grow from one minute to two hours, and after two days a mail is given up", async () => {
  const id = await queue();
  const { send } = relay(AWAY);
  const waits: number[] = [];
  for (;;) {
    const outcome = await send(id);
    if (outcome !== "again") break;
    const { nextAttemptAt } = await rowOf(id);
    const waitMs = nextAttemptAt.getTime() - Date.now();
    waits.push(Math.round(waitMs / 60_000));
    await age(id, `${Math.ceil(waitMs)} milliseconds`);
  }
  expect(waits.slice(0, 8)).toEqual([1, 2, 4, 8, 16, 32, 64, 120]);
  const hours = waits.reduce((sum, minutes) => sum + minutes, 0) / 60;
  expect(hours).toBeGreaterThan(45);
  expect(hours).toBeLessThan(48);
  expect(await rowOf(id)).toMatchObject({ state: "given-up", problem: AWAY.message });
});

test("a mail with a one-hour link is retried for at most one hour", async () => {
  const id = await queue({ usefulSeconds: 3_600 });
  await age(id, "59 minutes");
  expect(await relay(AWAY).send(id)).toBe("given-up");
});

test("a recipient that the mail server does not know is given up at once; the operator sees it and may try again", async () => {
  const id = await queue();
  expect(await relay(UNKNOWN).send(id)).toBe("given-up");
  const stuck = (await listStuckMails(database.db)).find((one) => one.id === id);
  expect(stuck).toMatchObject({ state: "given-up", nextAttemptAt: null, problem: UNKNOWN.message });
  await retryStuckMails(database.db);
  expect(await relay().send(id)).toBe("sent");
});

test("two workers with the same mail send it once", async () => {
  const id = await queue();
  const { taken, send } = relay();
  await Promise.all([send(id), send(id)]);
  expect(taken).toHaveLength(1);
});

test("a mail whose job was lost gets a new job", async () => {
  const id = await queue();
  await database.db.$executeRaw`delete from graphile_worker._private_jobs where key = ${`mail.send:${id}`}`;
  await age(id, "2 minutes");
  expect(await enqueueDueMails(database.db, 500)).toBeGreaterThan(0);
  expect(await jobOf(id)).toBeDefined();
});

test("a mail under a key that we no longer have waits for the key", async () => {
  const id = await queue();
  await database.db.outgoingMail.update({ where: { id }, data: { sealed: "not-ours" } });
  expect(await relay().send(id)).toBe("again");
  expect((await rowOf(id)).problem).toBe("It could not be read with the keys in SECRET_KEYS.");
});

test("the operator sees waiting mails until they are sent; finished mails are deleted after their retention", async () => {
  const { db } = database;
  await db.outgoingMail.deleteMany();
  const id = await queue();
  await relay(AWAY).send(id);
  await judgeMailQueue(db);
  expect(await listConditions(db)).toEqual([]);
  await age(id, "20 minutes");
  await judgeMailQueue(db);
  const text = expect.stringMatching(
    /^One mail waits to be sent, the oldest since .+ UTC\. The mail server does not answer\. /,
  );
  expect(await listConditions(db)).toMatchObject([{ code: "mail-waiting", text }]);
  expect(await relay().send(id)).toBe("sent");
  await judgeMailQueue(db);
  expect(await listConditions(db)).toEqual([]);
  await age(id, "6 days");
  expect(await pruneOutgoingMails(db)).toEqual({ outgoingMails: 0 });
  await age(id, "2 days");
  expect(await pruneOutgoingMails(db)).toEqual({ outgoingMails: 1 });
});
