import { afterAll, beforeAll, expect, inject, test } from "vitest";
import { createTestDatabase, type TestDatabase } from "../testing/create-test-database.ts";
import { bytesArray, formatJson, instantArray, integerArray, jsonArray, textArray } from "./binary-array.ts";
import { inSqlTransaction } from "./database.ts";

let database: TestDatabase;
beforeAll(async () => {
  database = await createTestDatabase(inject("templateDatabaseUrl"));
});
afterAll(() => database?.drop());

const ask = <T>(query: TemplateStringsArray, ...values: unknown[]) =>
  inSqlTransaction(database.db, (sql) => sql.$queryRaw<T[]>(query, ...values), { timeoutMs: 10_000 });

test("every kind of value arrives as it was sent", async () => {
  const texts = [
    "",
    "a",
    null,
    `quote " ' \\ , {} tab\t line\n`,
    "ä€😀",
    "x".repeat(100_000),
    "é".repeat(70),
  ];
  const numbers = [0, -1, 1, 2 ** 31, 2 ** 32, -(2 ** 32), Number.MAX_SAFE_INTEGER];
  const instants = [0, 1, 946_684_800_000, Date.parse("2026-11-24T12:34:56.789Z"), -1, 2 ** 42, 5].map(
    (ms) => new Date(ms),
  );
  const bytes = texts.map((_text, index) => Buffer.alloc(index * 1_000, index));
  const values = [{ a: [1, "\n\u2028"] }, [], null, 1.5, "text", { ä: null }, { long: "y".repeat(10_000) }];
  const rows = await ask`
    select * from unnest(${textArray(texts)}::text[], ${integerArray(numbers)}::int8[], ${instantArray(instants)}::timestamptz[],
      ${bytesArray(bytes)}::bytea[], ${jsonArray(values.map(formatJson))}::jsonb[]) as t(text, number, instant, bytes, value)`;
  expect(rows).toEqual(
    texts.map((text, index) => ({
      text,
      number: BigInt(numbers[index] ?? 0),
      instant: instants[index],
      bytes: bytes[index],
      value: values[index],
    })),
  );
});

test("characters that Postgres refuses are replaced in short texts, long texts and JSON", async () => {
  const texts = ["a\0b", `${"l".repeat(100)}\0`, "half \ud800", "\udc00 half"];
  const [row] = await ask`
    select ${textArray(texts)}::text[] as texts, ${jsonArray([texts, "plain \\u0000"].map(formatJson))}::jsonb[] as values`;
  const replaced = ["a b", `${"l".repeat(100)} `, "half \ufffd", "\ufffd half"];
  expect(row).toEqual({ texts: replaced, values: [replaced, "plain \\u0000"] });
});

test("no values are an empty array", async () => {
  const [row] = await ask`
    select ${textArray([])}::text[] as texts, ${integerArray([])}::int8[] as numbers, ${bytesArray([])}::bytea[] as bytes`;
  expect(row).toEqual({ texts: [], numbers: [], bytes: [] });
});

test("beside a value of many bytes, nothing, texts and numbers arrive too", async () => {
  const bytes = Buffer.alloc(100_000, 7);
  const [row] = await ask`
    select ${null}::text as nothing, ${"ä"}::text as word, ${bytes}::bytea as bytes, ${5}::int as number`;
  expect(row).toEqual({ nothing: null, word: "ä", bytes, number: 5 });
});
