import { sqlDatabase } from "@waxseal/db";
import { createTestDatabase, type TestDatabase } from "@waxseal/db/testing";
import { afterAll, beforeAll, expect, inject, test } from "vitest";
import {
  clearCondition,
  listConditions,
  type OperatorCondition,
  raiseCondition,
} from "./operator-condition.ts";

let database: TestDatabase;
beforeAll(async () => {
  database = await createTestDatabase(inject("templateDatabaseUrl"));
});
afterAll(() => database.drop());

const sql = () => sqlDatabase(database.db);
const about = (subject: string, text = "It is so."): OperatorCondition => ({
  code: "clock",
  subject,
  text,
  detail: { n: 1 },
});
const find = async (subject: string) => (await listConditions(sql())).find((one) => one.subject === subject);
const rowOf = (subject: string) =>
  database.db.operatorCondition.findUnique({ where: { code_subject: { code: "clock", subject } } });
/** Moves what is stored back in time. */
const age = (subject: string, minutes: number) => database.db.$executeRaw`
  update operator_condition set since = since - make_interval(mins => ${minutes}::int),
    seen_at = seen_at - make_interval(mins => ${minutes}::int), until = until - make_interval(mins => ${minutes}::int)
  where subject = ${subject}`;

test("a condition holds since it was first seen, with the words of the last time", async () => {
  await raiseCondition(sql(), about("words", "First."));
  const before = await find("words");
  await age("words", 4);
  await raiseCondition(sql(), { ...about("words", "Second."), detail: { n: 2 } });
  const after = await find("words");
  expect(after).toMatchObject({ text: "Second.", detail: { n: 2 } });
  expect(before && after && before.since.getTime() - after.since.getTime()).toBe(4 * 60_000);
});

test("one that was not seen for five minutes is over, and starts again with a new time when it is seen", async () => {
  await raiseCondition(sql(), about("lapsed"));
  await age("lapsed", 6);
  expect(await find("lapsed")).toBeUndefined();
  await raiseCondition(sql(), about("lapsed"));
  const again = await find("lapsed");
  expect(again && again.seenAt.getTime() - again.since.getTime()).toBe(0);
});

test("one that holds until it is cleared outlives the process that saw it", async () => {
  await raiseCondition(sql(), about("kept"), { untilCleared: true });
  await age("kept", 60 * 24 * 30);
  expect(await find("kept")).toBeDefined();
  await clearCondition(sql(), about("kept"));
  expect(await find("kept")).toBeUndefined();
});

test("a cleared condition is gone, unless the operator was notified: then its end is still to be sent", async () => {
  await raiseCondition(sql(), about("silent"));
  await raiseCondition(sql(), about("sent"));
  await database.db.operatorCondition.update({
    where: { code_subject: { code: "clock", subject: "sent" } },
    data: { sentAt: new Date() },
  });
  await Promise.all(["silent", "sent"].map((subject) => clearCondition(sql(), about(subject))));
  expect([await find("silent"), await find("sent")]).toEqual([undefined, undefined]);
  expect([await rowOf("silent"), (await rowOf("sent"))?.sentAt]).toEqual([null, expect.any(Date)]);
});

test("the end of a condition is dated when it was first cleared", async () => {
  await raiseCondition(sql(), about("twice"));
  await database.db.operatorCondition.updateMany({
    where: { subject: "twice" },
    data: { sentAt: new Date() },
  });
  await clearCondition(sql(), about("twice"));
  const first = await rowOf("twice");
  await clearCondition(sql(), about("twice"));
  expect((await rowOf("twice"))?.until).toEqual(first?.until);
});

test("clearing one subject leaves the others, and one that does not hold is no error", async () => {
  await Promise.all([raiseCondition(sql(), about("a")), raiseCondition(sql(), about("b"))]);
  await clearCondition(sql(), about("a"));
  await clearCondition(sql(), about("never"));
  expect([await find("a"), (await find("b"))?.subject]).toEqual([undefined, "b"]);
});

test("two processes that see one condition at once make one of it", async () => {
  await Promise.all(Array.from({ length: 5 }, () => raiseCondition(sql(), about("at-once"))));
  expect((await listConditions(sql())).filter(({ subject }) => subject === "at-once")).toHaveLength(1);
});
