import { createHash } from "node:crypto";
import { formatDay } from "@waxseal/contract/format-instant";
import type { ReportTransport } from "@waxseal/db";
import { formatJson } from "@waxseal/db/arrays";
import { DAY_MS } from "@waxseal/runtime/time-spans";
import {
  NO_REASON,
  type PolicyResult,
  parseTlsReports,
  readTlsReportFileName,
  type TlsReport,
  type TlsReportProblemCode,
} from "@waxseal/tls-rpt";
import { clipText } from "../../clip-text.ts";
import { addressDomain } from "../reading/read-mail-facts.ts";
import { type FoundReport, readReportMessage } from "../reading/read-report-message.ts";
import type { ReportProblem } from "../reading/report-problem.ts";
import type { DkimKeyLookUp } from "../trust/create-dkim-key-look-up.ts";
import { type JudgedTrust, judgeReportTrust, registeredDomain } from "../trust/judge-report-trust.ts";
import { type DkimVerdict, verifyDkim } from "../trust/verify-dkim.ts";
import { countDomainRows } from "./count-domain-rows.ts";
import { type OwnDomain, routePolicies } from "./route-policies.ts";
import type { UnderstoodReport } from "./understood-report.ts";

/** A message as it was kept; `home` is the domain whose token it was sent to. */
export type KeptMessage = {
  accountId: string;
  id: string;
  home: OwnDomain | null;
  transport: ReportTransport;
  raw: Buffer;
  fileName: string | null;
  receivedAt: Date;
  /** How many days the account keeps daily figures, where that is known and differs from the default. */
  dailyDays?: number | undefined;
};

/** A report as parsed, before it is known whose domains it is about. */
export type ParsedReport = { report: TlsReport; reporter: string; quirks: string[] } & JudgedTrust;

/** A message's reports as parsed, and why other parts could not be used. */
export type ParsedMessage = { message: KeptMessage; parsed: ParsedReport[]; problems: ReportProblem[] };

/** A message's reports by domain, ready to be stored, and why other parts could not be used. */
export type UnderstoodMessage = {
  message: KeptMessage;
  reports: UnderstoodReport[];
  problems: ReportProblem[];
};

const MAX_REPORTS_IN_TEXT = 1_000;
/** As long as an account keeps daily figures unless it says otherwise. */
const DEFAULT_DAYS = 400;
const MAX_AHEAD_MS = 2 * DAY_MS;

const REASONS = {
  "too-large": "too-large",
  "too-complex": "too-large",
  "not-json": "not-json",
  "not-an-object": "not-a-report",
  "no-organization": "not-a-report",
  "no-report-id": "not-a-report",
  "no-date-range": "bad-dates",
  "no-policies": "not-a-report",
} satisfies Record<TlsReportProblemCode, ReportProblem["reason"]>;

/** Finds and parses the reports of a message and judges how far each can be believed. Never throws. */
export async function parseMessage(
  message: KeptMessage,
  deps: { lookUpKey: DkimKeyLookUp },
): Promise<ParsedMessage> {
  const { found, problems } = await readReportMessage(message.raw, message);
  const verdicts = new Map<Buffer, Promise<DkimVerdict>>();
  const verify = (mail: Buffer) => {
    const verdict = verdicts.get(mail) ?? verifyDkim(mail, { ...deps, now: message.receivedAt });
    verdicts.set(mail, verdict);
    return verdict;
  };
  const parsed: ParsedReport[] = [];
  for (const each of found) {
    for (const result of await parseFound(each, message, verify)) {
      if ("reason" in result) problems.push(result);
      else parsed.push(result);
    }
  }
  return { message, parsed, problems };
}

async function parseFound(
  { json, fileName, mail, hasLeftOver }: FoundReport,
  message: KeptMessage,
  verify: (mail: Buffer) => Promise<DkimVerdict>,
): Promise<(ParsedReport | ReportProblem)[]> {
  const named = readTlsReportFileName(fileName ?? "");
  const claimedSubmitter = mail?.facts.submitter ?? named?.submitter ?? mail?.facts.fromDomain ?? null;
  const policyDomain = mail?.facts.policyDomain ?? named?.policyDomain ?? message.home?.domain;
  const { results } = parseTlsReports(json, {
    ...(claimedSubmitter !== null && { submitter: claimedSubmitter }),
    ...(policyDomain !== undefined && { policyDomain }),
  });
  const taken = results.slice(0, MAX_REPORTS_IN_TEXT);
  const verdict = taken.some(({ ok }) => ok) ? mail && (await verify(mail.raw)) : null;
  const judge = ({ contactInfo, organizationName }: TlsReport) => {
    const claimed = [
      addressDomain(contactInfo),
      mail?.facts.submitter ?? null,
      mail?.facts.fromDomain ?? null,
    ];
    return judgeReportTrust(verdict, claimed, organizationName);
  };
  const parsed = taken.map((result) => {
    const where = results.length > 1 ? `The report in line ${result.line}: ` : "";
    if (!result.ok) return { reason: REASONS[result.code], detail: `${where}${result.problem}` };
    const { report, quirks } = result;
    const tooOld = findDateProblem(report, message, where);
    if (tooOld) return tooOld;
    const judged = judge(report);
    const named = report.organizationName ?? judged.submitter ?? claimedSubmitter ?? "unknown";
    const codes = new Set<string>(quirks.map(({ code }) => code));
    if (hasLeftOver) codes.add("trailing-garbage");
    return { report, reporter: cleanName(named), quirks: [...codes], ...judged };
  });
  const left = results.length - taken.length;
  return left > 0 ? [tooManyReports(left), ...parsed] : parsed;
}

function findDateProblem(report: TlsReport, message: KeptMessage, where: string): ReportProblem | undefined {
  const ageMs = message.receivedAt.getTime() - Date.parse(report.reportDay);
  const keptDays = message.dailyDays ?? DEFAULT_DAYS;
  const isAhead = ageMs < -MAX_AHEAD_MS;
  if (!isAhead && ageMs <= (keptDays + 1) * DAY_MS) return undefined;
  // Only now, since formatting a date takes as long as inflating a report.
  const about = `${where}It is about ${formatDay(report.reportDay)}`;
  if (isAhead) return { reason: "bad-dates", detail: `${about}, which is in the future.` };
  const detail = `${about}, which is too old: this account keeps daily figures for ${keptDays} days. Raise that limit to count it.`;
  return { reason: "bad-dates", detail };
}

function tooManyReports(left: number): ReportProblem {
  const detail = `It holds more than ${MAX_REPORTS_IN_TEXT} reports; ${left} were left out.`;
  return { reason: "over-limit", detail };
}

/** A name cannot claim a signature in the words in which we show one. */
function cleanName(name: string): string {
  return clipText(name.replaceAll(/\(signed by/gi, "[signed by"), 255);
}

/** Which of its domains an account has under a name. */
export type DomainDirectory = {
  findOwnDomain(accountId: string, domain: string): OwnDomain | undefined;
  /** The one domain of the account that a report which came without a token is about, by its id or its MX hosts; else null. */
  findHome(accountId: string, report: TlsReport): OwnDomain | null;
};

/** Splits a message's reports by the account's domains. */
export function routeMessage(
  { message, parsed, problems }: ParsedMessage,
  directory: DomainDirectory,
): UnderstoodMessage {
  const understood: UnderstoodMessage = { message, reports: [], problems: [...problems] };
  for (const each of parsed) {
    const home = message.home ?? directory.findHome(message.accountId, each.report);
    const routed = routePolicies(each.report, home, (domain) =>
      directory.findOwnDomain(message.accountId, domain),
    );
    for (const { domain, policies } of routed.own) {
      understood.reports.push(toUnderstood(message, each, domain, policies));
    }
    if (routed.foreignDomains.length > 0) {
      understood.problems.push(otherDomain(message.home));
    }
    if (routed.namelessCount > 0 || (routed.own.length === 0 && routed.foreignDomains.length === 0)) {
      understood.problems.push({
        reason: "not-a-report",
        detail: "It does not say which domain it is about.",
      });
    }
  }
  return understood;
}

/** Never names the domain: named only where no other account has it, it would say who is a customer. */
function otherDomain(home: OwnDomain | null): ReportProblem {
  const arrived = home ? `came to the report address of ${home.domain} and ` : "";
  return { reason: "other-domain", detail: `It ${arrived}is about a domain that is not in this account.` };
}

function toUnderstood(
  message: KeptMessage,
  { report, reporter, submitter, trust, claim, quirks }: ParsedReport,
  { domainId, domain }: OwnDomain,
  policies: readonly PolicyResult[],
): UnderstoodReport {
  const counts = countDomainRows(policies);
  const { startAt, endAt, reportDay, reportId, contactInfo } = report;
  const resultTypes = new Set(counts.failureRows.map(({ resultType }) => resultType));
  resultTypes.delete(NO_REASON);
  return {
    ...counts,
    accountId: message.accountId,
    domainId,
    messageId: message.id,
    reportDay,
    reporter,
    submitter,
    contactInfo,
    reportId,
    startAt,
    endAt,
    resultTypes: [...resultTypes].slice(0, 100),
    trust,
    claim,
    transport: message.transport,
    quirks,
    identity: reportIdentity([
      reporter.toLowerCase(),
      reportId,
      domain,
      startAt.toISOString(),
      endAt.toISOString(),
      ...(trust === "signed" || claim !== null ? [registeredDomain(submitter ?? "")] : []),
    ]),
    policiesJson: formatJson(policies),
    receivedAt: message.receivedAt,
  };
}

/**
 * The same report by mail and by HTTPS must count once, so only what the report itself says is in it: its id is unique for a
 * reporter and a domain at best. What somebody else signed has an identity of its own, so that it neither displaces nor blocks the
 * reporter's own. RFC 8460 §4.4
 */
function reportIdentity(parts: readonly string[]): string {
  return createHash("sha256").update(JSON.stringify(parts)).digest("hex");
}
