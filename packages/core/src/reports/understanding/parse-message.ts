import { formatDay } from "@waxseal/contract/format-instant";
import type { ReportTransport } from "@waxseal/db";
import { DAY_MS } from "@waxseal/runtime/time-spans";
import {
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
import { type JudgedTrust, judgeReportTrust } from "../trust/judge-report-trust.ts";
import { type DkimVerdict, verifyDkim } from "../trust/verify-dkim.ts";
import type { OwnDomain } from "./route-policies.ts";

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
