import { parseTlsReport } from "@waxseal/tls-rpt";
import { expect, test } from "vitest";
import { testFailure, testPolicy, testReportJson } from "../../../testing/create-test-report.ts";
import type { ParsedMessage, ParsedReport } from "./parse-message.ts";
import { routeMessage } from "./route-message.ts";
import type { OwnDomain } from "./route-policies.ts";

const home: OwnDomain = { domainId: "1", domain: "example.com", mxHosts: [] };
const second: OwnDomain = { domainId: "2", domain: "second.example", mxHosts: [] };
const directory = {
  findOwnDomain: (_account: string, name: string) => [home, second].find(({ domain }) => domain === name),
  findHome: () => null,
};

function parsed(
  json: Parameters<typeof testReportJson>[1],
  judged: Partial<ParsedReport> = {},
): ParsedReport {
  const result = parseTlsReport(Buffer.from(testReportJson("2026-03-10", json)));
  if (!result.ok) throw new Error("the fixture is not a report");
  return {
    report: result.report,
    quirks: [],
    reporter: "Example Sender",
    submitter: "sender.example",
    trust: "aligned",
    claim: null,
    ...judged,
  } as ParsedReport;
}

function message(reports: ParsedReport[], at: OwnDomain | null = home): ParsedMessage {
  const kept = {
    accountId: "account",
    id: "message",
    home: at,
    transport: "smtp",
    receivedAt: new Date("2026-03-11T01:00:00Z"),
  };
  return { message: kept, parsed: reports, problems: [] } as unknown as ParsedMessage;
}

const about = (domain: string | null) => ({ policies: [testPolicy(domain)] });
const identityOf = (report: ParsedReport, at: OwnDomain | null = home) =>
  routeMessage(message([report], at), directory).reports[0]?.identity;

test("a report about two domains is two reports with the figures of each", () => {
  const report = parsed({
    policies: [
      testPolicy("example.com", { successfulSessions: 3 }),
      testPolicy("second.example", { successfulSessions: 4 }),
    ],
  });
  const { reports, problems } = routeMessage(message([report]), directory);
  expect(reports.map(({ domainId, successfulSessions }) => [domainId, successfulSessions])).toEqual([
    ["1", 3],
    ["2", 4],
  ]);
  expect(new Set(reports.map(({ identity }) => identity)).size).toBe(2);
  expect(problems).toEqual([]);
});

test("RFC 8460 §4.4: the same report has one identity, however it came and in whatever case the reporter is written", () => {
  const report = about("example.com");
  const first = identityOf(parsed(report));
  expect(identityOf(parsed(report, { reporter: "EXAMPLE sender" }))).toBe(first);
  expect(identityOf(parsed(report, { submitter: "relay.example" }))).toBe(first);
  expect(identityOf(parsed(report, { trust: "unsigned", submitter: null }))).toBe(first);
  expect(identityOf(parsed({ policies: [testPolicy("example.com", { successfulSessions: 99 })] }))).toBe(
    first,
  );
});

test.each([
  ["another report id", about("example.com"), { reportId: "other" }, {}],
  ["another reporter", about("example.com"), {}, { reporter: "Another Sender" }],
  ["another end", about("example.com"), { endAt: new Date("2026-03-10T22:00:00Z") }, {}],
  ["another start", about("example.com"), { startAt: new Date("2026-03-10T01:00:00Z") }, {}],
  ["another domain", about("second.example"), {}, {}],
])("%s is another report", (_name, base, report, judged) => {
  expect(identityOf(parsed({ ...base, ...report }, judged))).not.toBe(
    identityOf(parsed(about("example.com"))),
  );
});

test("a report whose signer is not certain has an identity of its own for each signer", () => {
  const plain = identityOf(parsed(about("example.com")));
  const signedBy = (submitter: string) =>
    identityOf(parsed(about("example.com"), { trust: "signed", submitter }));
  expect(signedBy("forger.example")).not.toBe(plain);
  expect(signedBy("forger.example")).not.toBe(signedBy("other.example"));
  expect(signedBy("mail.forger.example")).toBe(signedBy("forger.example"));
});

test("it keeps that identity when its signer becomes known for the name", () => {
  const claim = { nameKey: "example sender", domain: "sender.example" } as never;
  const claimed = identityOf(parsed(about("example.com"), { trust: "aligned", claim }));
  expect(claimed).toBe(identityOf(parsed(about("example.com"), { trust: "signed" })));
});

test("a report about another domain is refused without its name, which would say who is a customer", () => {
  const { reports, problems } = routeMessage(message([parsed(about("foreign.example"))]), directory);
  expect(reports).toEqual([]);
  expect(problems).toEqual([
    {
      reason: "other-domain",
      detail:
        "It came to the report address of example.com and is about a domain that is not in this account.",
    },
  ]);
  expect(JSON.stringify(problems)).not.toContain("foreign.example");
});

test("an imported report about another domain names no address it came to", () => {
  const { problems } = routeMessage(message([parsed(about("foreign.example"))], null), directory);
  expect(problems).toEqual([
    { reason: "other-domain", detail: "It is about a domain that is not in this account." },
  ]);
});

test("a report partly about another domain counts for the own one, and is a problem too", () => {
  const both = parsed({ policies: [testPolicy("example.com"), testPolicy("foreign.example")] });
  const { reports, problems } = routeMessage(message([both]), directory);
  expect(reports.map(({ domainId }) => domainId)).toEqual(["1"]);
  expect(problems.map(({ reason }) => reason)).toEqual(["other-domain"]);
});

test("an imported report that names no domain is given the one domain it can be about, else none", () => {
  const nameless = message([parsed(about(null))], null);
  expect(routeMessage(nameless, directory)).toMatchObject({
    reports: [],
    problems: [{ reason: "not-a-report", detail: "It does not say which domain it is about." }],
  });
  const found = routeMessage(nameless, { ...directory, findHome: () => second });
  expect(found).toMatchObject({ reports: [{ domainId: "2" }], problems: [] });
  const sent = routeMessage(message([parsed(about(null))]), { ...directory, findHome: () => second });
  expect(sent).toMatchObject({ reports: [{ domainId: "1" }], problems: [] });
});

test("the result types of a report are those of its failures, without sessions that fail for no reason, at most 100", () => {
  const typesOf = (types: readonly string[], failedSessions: number) => {
    const failureDetails = types.map((resultType) => testFailure({ resultType, failedSessions: 1 }));
    const policy = testPolicy("example.com", { failedSessions, failureDetails });
    return routeMessage(message([parsed({ policies: [policy] })]), directory).reports[0]?.resultTypes;
  };
  expect(typesOf(["certificate-expired", "certificate-expired", "sts-webpki-invalid"], 3)).toEqual([
    "certificate-expired",
    "sts-webpki-invalid",
  ]);
  expect(typesOf([], 5)).toEqual([]);
  expect(
    typesOf(
      Array.from({ length: 150 }, (_, n) => `new-${n}`),
      150,
    ),
  ).toHaveLength(100);
});
