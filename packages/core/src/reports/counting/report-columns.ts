import { instantArray, integerArray, jsonArray, textArray } from "@waxseal/db/arrays";
import { newRowId } from "../../new-row-id.ts";
import type { UnderstoodReport } from "../understanding/understood-report.ts";

/** Reports as columns of tls_report, each of them one array; `ids` are new. */
export function reportColumns(reports: readonly UnderstoodReport[]) {
  const texts = (pick: (report: UnderstoodReport) => string | null) => textArray(reports.map(pick));
  return {
    accountIds: texts((report) => report.accountId),
    reportDays: texts((report) => report.reportDay),
    domainIds: texts((report) => report.domainId),
    messageIds: texts((report) => report.messageId),
    reporters: texts((report) => report.reporter),
    submitters: texts((report) => report.submitter),
    contactInfos: texts((report) => report.contactInfo),
    reportIds: texts((report) => report.reportId),
    startsAt: instantArray(reports.map((report) => report.startAt)),
    endsAt: instantArray(reports.map((report) => report.endAt)),
    successful: integerArray(reports.map((report) => report.successfulSessions)),
    failed: integerArray(reports.map((report) => report.failedSessions)),
    resultTypes: texts((report) => joinWords(report.resultTypes)),
    trusts: texts((report) => report.trust),
    transports: texts((report) => report.transport),
    quirks: texts((report) => joinWords(report.quirks)),
    identities: texts((report) => report.identity),
    policies: jsonArray(reports.map((report) => report.policiesJson)),
    receivedAt: instantArray(reports.map((report) => report.receivedAt)),
  };
}

/** Ids of new rows for reports. */
export function newReportIds(reports: readonly UnderstoodReport[]): string[] {
  return reports.map((report) => newRowId(report.receivedAt));
}

/** A list in one text, to be cut at tabs, which no text of a parsed report holds. */
function joinWords(words: readonly string[]): string {
  return words.map((word) => word.replaceAll("\t", " ")).join("\t");
}
