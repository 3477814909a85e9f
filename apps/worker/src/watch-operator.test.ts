import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import {
  listConditions,
  measureInstallation,
  type OperatorFacts,
  type OperatorMessage,
} from "@waxseal/core/operating";
import { openDatabase, reportsOf } from "@waxseal/db";
import { createTestDatabase, type TestDatabase } from "@waxseal/db/testing";
import { createLogger } from "@waxseal/runtime";
import { afterAll, beforeAll, beforeEach, expect, inject, onTestFinished, test } from "vitest";
import { createSendToOperator, pingHeartbeat } from "./send-to-operator.ts";
import { watchOperator } from "./watch-operator.ts";

const logger = createLogger("worker", "silent");
const NOW = new Date("2026-05-01T12:00:00Z");
const UNKNOWN: OperatorFacts = {
  ...{ hasDatabase: true, hasReportsDatabase: true, ca: null, certificates: null, ingest: null, dns: [] },
  ...{ mail: null, stores: null, serving: null, fetches: null, watch: null },
};
const GOOD = { ...UNKNOWN, mail: { oldestSeconds: 0, ended: 0, givenUp: 0 } };
const BAD = { ...UNKNOWN, mail: { oldestSeconds: 1_000, ended: 0, givenUp: 0 } };

let database: TestDatabase;
beforeAll(async () => {
  database = await createTestDatabase(inject("templateDatabaseUrl"));
});
beforeEach(() => database.db.operatorCondition.deleteMany());
afterAll(() => database.drop());

/** A worker that watches; `sees` are the facts of its next looks. */
function start(sent: string[] = [], db = database.db) {
  const worker = { sees: GOOD as OperatorFacts, takes: true, pings: 0, look: async (_count = 1) => {} };
  const watch = watchOperator({
    db,
    logger,
    now: () => NOW,
    measure: async () => worker.sees,
    send: async ({ kind, subject }: OperatorMessage) => {
      if (worker.takes) sent.push(`${kind} ${subject}`);
      return worker.takes;
    },
    ping: async () => {
      worker.pings += 1;
    },
  });
  onTestFinished(() => watch.stop());
  worker.look = async (count = 1) => {
    for (let at = 0; at < count; at++) await watch.look();
  };
  return { worker, sent };
}

test("a condition is sent after two looks, once, and its end after two good ones; one bad look is nothing", async () => {
  const { worker, sent } = start();
  worker.sees = BAD;
  await worker.look();
  worker.sees = GOOD;
  await worker.look(3);
  expect(sent).toEqual([]);
  worker.sees = BAD;
  await worker.look(4);
  expect(sent).toEqual(["opened outgoing mail"]);
  expect((await listConditions(database.db)).map(({ code }) => code)).toEqual(["op.mailOut"]);
  // What cannot be measured neither ends it nor begins it again.
  worker.sees = UNKNOWN;
  await worker.look(3);
  worker.sees = GOOD;
  await worker.look();
  expect(sent).toHaveLength(1);
  await worker.look(3);
  expect(sent).toEqual(["opened outgoing mail", "over outgoing mail"]);
  expect(await database.db.operatorCondition.count()).toBe(0);
});

test("two workers send one message, and what no place took is sent later; an end only after its beginning", async () => {
  const sent: string[] = [];
  const [one, other] = [start(sent).worker, start(sent).worker];
  for (const worker of [one, other]) Object.assign(worker, { sees: BAD, takes: false });
  await Promise.all([one.look(2), other.look(2)]);
  expect(sent).toEqual([]);
  for (const worker of [one, other]) worker.takes = true;
  await Promise.all([one.look(2), other.look(2)]);
  expect(sent).toEqual(["opened outgoing mail"]);
  for (const worker of [one, other]) worker.sees = GOOD;
  await Promise.all([one.look(3), other.look(3)]);
  expect(sent).toEqual(["opened outgoing mail", "over outgoing mail"]);
});

test("a database that is away is sent without it, and the sign of life goes on", async () => {
  const away = openDatabase("postgresql://waxseal@127.0.0.1:1/waxseal");
  onTestFinished(() => away.$disconnect());
  expect(await measureInstallation(away, reportsOf(away))).toMatchObject({ hasDatabase: false, mail: null });
  const { worker, sent } = start([], away);
  worker.sees = { ...UNKNOWN, hasDatabase: false };
  await worker.look(4);
  expect([sent, worker.pings]).toEqual([["opened database"], 4]);
});

test("what is measured of a running database is a figure each, and nothing of it is wrong in an empty one", async () => {
  const facts = await measureInstallation(database.db, reportsOf(database.db));
  expect(Object.entries(facts).filter(([, value]) => value === null)).toEqual([]);
  const { worker, sent } = start();
  worker.sees = {
    ...UNKNOWN,
    ...facts,
    ca: facts.ca && { ...facts.ca, budget: null },
    stores: null,
    disks: null,
  };
  await worker.look(2);
  expect(sent).toEqual([]);
});

test("the webhook gets words and data, a redirect is no delivery, and a dead receiver does not stop the mail", async () => {
  const got: string[] = [];
  let status = 200;
  const server = createServer((request, response) => {
    let body = "";
    request.on("data", (chunk) => (body += chunk));
    request.on("end", () => {
      got.push(`${request.method} ${body}`);
      response.writeHead(status, status === 302 ? { location: "/elsewhere" } : {}).end();
    });
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  onTestFinished(() => void server.close());
  const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}/`;
  const mails: string[] = [];
  const mailer = { sendMail: async ({ subject }: { subject: string }) => void mails.push(subject) };
  const message = {
    kind: "opened",
    code: "op.ca",
    subject: "ca.example",
    severity: "warning",
    text: "Words.",
    since: NOW,
  } as const;
  expect(await createSendToOperator({ mailer: undefined, to: undefined, url, logger })(message)).toBe(true);
  const { type, text, data } = JSON.parse(got[0]?.slice(5) ?? "{}");
  expect([type, text, data.code]).toEqual([
    "operator.condition.opened",
    "Waxseal needs you: ca.example\nWords.",
    "op.ca",
  ]);
  status = 302;
  expect(await createSendToOperator({ mailer: undefined, to: undefined, url, logger })(message)).toBe(false);
  expect(
    await createSendToOperator({ mailer, to: "o@people.example", url: "http://127.0.0.1:1/", logger })(
      message,
    ),
  ).toBe(true);
  expect(mails).toEqual(["Waxseal needs you: ca.example"]);
  await pingHeartbeat(url, logger);
  expect(got.at(-1)).toBe("POST ");
});
