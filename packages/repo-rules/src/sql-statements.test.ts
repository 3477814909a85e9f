import { expect, test } from "vitest";
import { listSources, readText } from "./repo-files.ts";
import { listTemplates } from "./sql-templates.ts";

const CLAUSE =
  "and|or|where|from|union|on|order|group|limit|join|left|inner|cross|as|having|using|set|by|then|else";
const BEGINS_INSIDE = new RegExp(`^(?:(?:${CLAUSE})\\b|[,)=])`, "i");
const ENDS_INSIDE = new RegExp(`(?:\\b(?:${CLAUSE}|all|select|not)|[,(=])$`, "i");

/** Fragments of SQL that are no whole condition, expression, list or select. */
function findTorn(source: string): string[] {
  return listTemplates(source)
    .filter(({ tag }) => tag === "Prisma.sql")
    .map(({ line, text }) => ({ line, text: text.trim() }))
    .filter(({ text }) => BEGINS_INSIDE.test(text) || ENDS_INSIDE.test(text))
    .map(({ line, text }) => `${line}: ${text.slice(0, 60)}`);
}

/** Statements that insert without naming their columns. */
function findUnnamedColumns(source: string): string[] {
  return listTemplates(source).flatMap(({ line, text }) =>
    [...text.matchAll(/insert into (\S+)(?:\s+as \w+)?\s+(?!\s|\(|as\b)/gi)].map(
      ([, table]) => `${line}: ${table}`,
    ),
  );
}

/** Sums that leave SQL as a number: beyond 2^31 Postgres refuses it, beyond 2^53 it is rounded. */
function findRoundedSums(source: string): string[] {
  return listTemplates(source).flatMap(({ line, text }) =>
    [...text.matchAll(/\bsum\((?:(?! as |,\n|select)[^`])*?\)::(?:int4?|float8?|double precision)\b/gi)].map(
      ([found]) => `${line}: ${found}`,
    ),
  );
}

const isAnywhere = (path: string) => !path.startsWith("packages/repo-rules/");
const isCore = (path: string) => path.startsWith("packages/core/src/");

test.each([
  ["a fragment of SQL is a whole condition, expression, list or select", findTorn, isAnywhere],
  ["every insert names its columns", findUnnamedColumns, isAnywhere],
  ["a sum leaves SQL as text, and safeCount makes it a number", findRoundedSums, isCore],
])("%s", (_name, find, isRead) => {
  const found = listSources()
    .filter(isRead)
    .flatMap((path) => find(readText(path)).map((offence) => `${path}:${offence}`));
  expect(found).toEqual([]);
});

const withHoles = (text: string) => text.replaceAll("#{", "${");

test.each([
  ["begins with its operator", findTorn, "Prisma.sql`and a = #{a}`"],
  ["begins with its clause", findTorn, "Prisma.sql`\n where a = 1`"],
  ["ends in a union", findTorn, "Prisma.sql`select 1 union all`"],
  ["ends in a comma", findTorn, "Prisma.sql`a, b,`"],
  ["names no column", findUnnamedColumns, "db.$executeRaw`insert into event select 1`"],
  ["names no column under an alias", findUnnamedColumns, "db.$executeRaw`insert into event as e select 1`"],
  ["rounds a sum", findRoundedSums, "db.$queryRaw`select sum(a + b)::float8 as n from event`"],
  ["overflows a sum", findRoundedSums, "db.$queryRaw`select coalesce(sum(a), 0)::int from event`"],
])("the rule sees SQL that %s", (_name, find, source) => {
  expect(find(withHoles(source))).toHaveLength(1);
});

test.each([
  ["a condition", "Prisma.sql`account_id = #{a} and true`"],
  ["a select", "Prisma.sql`(select 1 union all select 2)`"],
  ["a list", "Prisma.sql`orders, android`"],
  [
    "columns",
    "db.$executeRaw`insert into event (id) select 1`; db.$executeRaw`insert into event as e (id) select 1`",
  ],
  ["a sum as text", "db.$queryRaw`select sum(a)::text as a, count(*)::int from event`"],
])("the rule lets %s pass", (_name, source) => {
  const text = withHoles(source);
  expect([...findTorn(text), ...findUnnamedColumns(text), ...findRoundedSums(text)]).toEqual([]);
});
