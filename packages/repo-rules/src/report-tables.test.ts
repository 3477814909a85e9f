import { REPORT_TABLES } from "@waxseal/db";
import { expect, test } from "vitest";
import { listSources, readText } from "./repo-files.ts";
import { listTemplates } from "./sql-templates.ts";

const IN_REPORTS: ReadonlySet<string> = new Set(REPORT_TABLES);

const MODEL = /^model (\w+) \{\n([\s\S]*?)^\}/gm;
const MODELS = [...readText("prisma/schema.prisma").matchAll(MODEL)].map(([, name = "", body = ""]) => ({
  name,
  body,
  table: /@@map\("(\w+)"\)/.exec(body)?.[1] ?? name,
}));
const TABLES = new Set(MODELS.map(({ table }) => table));

/** A word before which SQL names tables: one, or several with commas between them. */
const NAMES_TABLES =
  /\b(?:from|join|into|update|using|truncate|table)\s+(?:only\s+|lateral\s+)?((?:"?\w+"?(?:\s+(?:as\s+)?[a-z]\w*)?\s*,\s*)*"?\w+"?)/gi;

/** The tables that a piece of SQL reads or writes. */
function tablesIn(sql: string): string[] {
  const named = [...sql.matchAll(NAMES_TABLES)].flatMap(([, list = ""]) =>
    list.split(",").map((one) => /\w+/.exec(one)?.[0] ?? ""),
  );
  // A fragment may be the bare name of a table.
  return [...named, sql.trim()].filter((name) => TABLES.has(name));
}

/**
 * The statements of a source that name tables of both sets, each with its line. A statement with holes counts with all fragments of its
 * file, since any of them may be put into it.
 */
function findMixed(source: string): string[] {
  const templates = listTemplates(source);
  const fragments = templates.filter(({ tag }) => tag === "Prisma.sql").flatMap(({ text }) => tablesIn(text));
  return templates.flatMap(({ line, text, hasHoles }) => {
    const own = tablesIn(text);
    const isHere =
      /\$\{\s*(?!Prisma\.(?:join|raw))[a-z]\w*\s*\}\s+\w*\s*(?:left |inner )?join\b|\b(?:from|join|into|update)\s+\$\{|\$\{\w+\[/i;
    const all = new Set(hasHoles && isHere.test(text) ? [...own, ...fragments] : own);
    const reports = [...all].filter((table) => IN_REPORTS.has(table));
    const state = [...all].filter((table) => !IN_REPORTS.has(table));
    return reports.length > 0 && state.length > 0 ? [`${line}: ${[...reports, ...state].join(", ")}`] : [];
  });
}

const isProduction = (path: string) =>
  /^(?:apps|packages)\/[\w-]+\/src\//.test(path) && !/\.test\.tsx?$/.test(path);

test("no SQL statement names both report tables and tables of state", () => {
  const found = listSources()
    .filter(isProduction)
    .flatMap((path) => findMixed(readText(path)).map((offence) => `${path}:${offence}`));
  expect(found).toEqual([]);
});

test.each([
  ["a join", "db.$queryRaw`select 1 from tls_report r join domain d on d.id = r.domain_id`"],
  ["a list of tables", "db.$queryRaw<Row[]>`select 1 from tls_report r, domain as d`"],
  ["a subquery", "sql.$executeRaw`delete from report_message where id in (select id from event where #{x})`"],
  ["an insert from", "sql.$executeRaw`insert into report_recount (a) select a from tls_report`"],
  ["a nested template", "db.$queryRaw`select 1 from domain #{when ? Prisma.sql`join tls_report` : none}`"],
  [
    "a table in a hole",
    "const table = Prisma.sql`tls_report`;\ndb.$queryRaw`select 1 from #{table} t join domain d`",
  ],
])("the rule sees %s over both sets", (_name, source) => {
  expect(findMixed(source.replaceAll("#{", "${"))).toHaveLength(1);
});

test.each([
  ["one set", "db.$queryRaw`select 1 from tls_report r join report_message m on m.id = r.message_id`"],
  ["a column of a table's name", "db.$queryRaw`select domain, event from tls_report where account = 1`"],
  ["two statements", "db.$queryRaw`select 1 from domain`; db.$queryRaw`select 1 from tls_report`"],
])("the rule lets %s pass", (_name, source) => {
  expect(findMixed(source.replaceAll("#{", "${"))).toEqual([]);
});

test("no relation of the schema leads from report tables to state, or back", () => {
  const isReport = new Map(MODELS.map(({ name, table }) => [name, IN_REPORTS.has(table)]));
  const crossing = MODELS.flatMap(({ name, body }) =>
    [...body.matchAll(/^ {2}(\w+)\s+(\w+)/gm)]
      .filter(([, , type = ""]) => isReport.has(type) && isReport.get(type) !== isReport.get(name))
      .map(([, field]) => `${name}.${field}`),
  );
  expect(crossing).toEqual([]);
  expect([...IN_REPORTS].filter((table) => !TABLES.has(table))).toEqual([]);
});
