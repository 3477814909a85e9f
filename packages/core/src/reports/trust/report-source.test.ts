import { Prisma, type ReportTrust } from "@waxseal/db";
import { createTestDatabase, type TestDatabase } from "@waxseal/db/testing";
import { afterAll, beforeAll, expect, inject, test } from "vitest";
import {
  matchesReport,
  matchesSource,
  readSource,
  type SourceFilter,
  selectShown,
  selectTrust,
  sourceKey,
  trustLevel,
} from "./report-source.ts";

const NAMES = [
  "Example Mail",
  "Example (signed by x)",
  "Example Mail (signed by signer.example) Ltd",
  "",
  "Ünïcode GmbH",
  "a\\b%_",
];
const TRUSTS: ReportTrust[] = ["aligned", "signed", "unsigned"];
const REPORTS = NAMES.flatMap((reporter) =>
  TRUSTS.flatMap((trust) =>
    (trust === "signed" ? ["signer.example", "other.example"] : [null]).map((submitter) => ({
      reporter,
      trust,
      submitter,
    })),
  ),
);

let database: TestDatabase;
beforeAll(async () => {
  database = await createTestDatabase(inject("templateDatabaseUrl"));
});
afterAll(() => database.drop());

test("RFC 8460 §5.3: a key says who reported, how far it is proven and who signed", () => {
  for (const report of REPORTS) {
    const { reporter, trust, signedBy } = readSource(sourceKey(report));
    expect({ reporter, trust, signedBy }).toEqual({
      reporter: report.reporter,
      trust: trustLevel(report.trust),
      signedBy: report.trust === "signed" ? report.submitter : null,
    });
  }
});

test("figures of different proof never share a key", () => {
  expect(new Set(REPORTS.map(sourceKey)).size).toBe(REPORTS.length);
});

test("only the reporter's own signature leaves the bare name", () => {
  const bare = REPORTS.filter((report) => sourceKey(report) === report.reporter);
  expect(bare.every(({ trust }) => trust === "aligned")).toBe(true);
  expect(bare).toHaveLength(NAMES.length);
});

test.each<[ReportTrust, string]>([
  ["aligned", "aligned"],
  ["signed", "signed"],
  ["unsigned", "unsigned"],
  ["failed" as ReportTrust, "unsigned"],
  ["unchecked" as ReportTrust, "unsigned"],
])("%s counts as %s", (trust, level) => {
  expect(trustLevel(trust)).toBe(level);
});

/** What SQL says of each key: its level, its name for people, and whether a filter takes it. */
async function askAll(filter: SourceFilter) {
  const keys = REPORTS.map(sourceKey);
  const column = Prisma.sql`key`;
  return database.db.$queryRaw<{ level: string; shown: string; matches: boolean }[]>`
    select ${selectTrust(column)} as level, ${selectShown(column)} as shown, ${matchesSource(column, filter)} as matches
    from unnest(${keys}::text[]) with ordinality as k(key, n) order by n`;
}

test("SQL reads keys as the code does", async () => {
  const rows = await askAll({});
  expect(rows.map(({ level, shown, matches }) => [level, shown, matches])).toEqual(
    REPORTS.map((report) => {
      const { trust, shown } = readSource(sourceKey(report));
      return [trust, shown, true];
    }),
  );
});

test.each(["aligned", "signed", "unsigned"] as const)(
  "the filter %s takes exactly what is proven so far",
  async (trust) => {
    const rows = await askAll({ trust });
    expect(rows.map(({ matches }) => matches)).toEqual(
      REPORTS.map((report) => trustLevel(report.trust) === trust),
    );
    expect((await askAll({ trust: "any" })).every(({ matches }) => matches)).toBe(true);
  },
);

test("a source as people see it finds its figures: a bare name proven and unsigned ones, never a signer's", async () => {
  const plain = await askAll({ source: "Example Mail" });
  expect(REPORTS.filter((_, n) => plain[n]?.matches)).toEqual([
    { reporter: "Example Mail", trust: "aligned", submitter: null },
    { reporter: "Example Mail", trust: "unsigned", submitter: null },
  ]);
  const signed = await askAll({ source: "Example Mail (signed by signer.example)" });
  expect(REPORTS.filter((_, n) => signed[n]?.matches)).toEqual([
    { reporter: "Example Mail", trust: "signed", submitter: "signer.example" },
  ]);
});

test("a name that holds such words is not taken for a signer's", async () => {
  const source = "Example Mail (signed by signer.example) Ltd";
  const rows = await askAll({ source });
  expect(REPORTS.filter((_, n) => rows[n]?.matches).map(({ reporter }) => reporter)).toEqual([
    source,
    source,
  ]);
});

test("filters by source and by proof together keep only rows that match both", async () => {
  const rows = await askAll({ source: "Example Mail", trust: "unsigned" });
  expect(REPORTS.filter((_, n) => rows[n]?.matches).map(({ trust }) => trust)).toEqual(["unsigned"]);
  const none = await askAll({ source: "Example Mail (signed by signer.example)", trust: "aligned" });
  expect(none.some(({ matches }) => matches)).toBe(false);
});

test("the list of reports is narrowed as the figures are", async () => {
  const filters: SourceFilter[] = [
    {},
    ...["aligned", "signed", "unsigned", "any"].map((trust) => ({ trust }) as SourceFilter),
    { source: "Example Mail" },
    { source: "Example Mail (signed by other.example)" },
    { source: "Example Mail", trust: "unsigned" },
  ];
  for (const filter of filters) {
    const figures = await askAll(filter);
    const reports = await database.db.$queryRaw<{ matches: boolean }[]>`
      select ${matchesReport(filter)} as matches
      from unnest(${REPORTS.map(({ reporter }) => reporter)}::text[], ${REPORTS.map(({ trust }) => trust)}::text[]::report_trust[],
        ${REPORTS.map(({ submitter }) => submitter)}::text[]) with ordinality as r(reporter, trust, submitter, n)
      order by n`;
    expect([filter, reports.map(({ matches }) => matches === true)]).toEqual([
      filter,
      figures.map(({ matches }) => matches),
    ]);
  }
});
