#!/usr/bin/env node
import { readFile } from "node:fs/promises";
import { countReport, explainResultType, readTlsReportMail } from "@waxseal/tls-rpt";

const USAGE = `tls-rpt read <file>...    reads TLS reports: .json, .json.gz, .zip or .eml

Prints sessions and failures of each report. Exits with 1 when something could not be read, 2 when called in another way.`;

const [command, ...files] = process.argv.slice(2);
if (command !== "read" || files.length === 0) {
  console.error(USAGE);
  process.exit(2);
}

for (const file of files) {
  const bytes = await readFile(file).catch(() => null);
  const { reports, unreadable } = bytes ? await readTlsReportMail(bytes) : { reports: [], unreadable: [] };
  const problems = unreadable.map(({ fileName, problem }) =>
    fileName ? `${fileName}: ${problem}` : problem,
  );
  if (!bytes) problems.push("The file cannot be read.");
  else if (reports.length === 0 && problems.length === 0) problems.push("No TLS report is in this file.");
  for (const result of reports) {
    if (result.ok) printReport(result.report);
    else problems.push(result.problem);
  }
  for (const problem of problems) console.error(`${file}: ${problem}`);
  if (problems.length > 0) process.exitCode = 1;
}

/** @param {import("@waxseal/tls-rpt").TlsReport} report */
function printReport(report) {
  console.log(`${report.organizationName ?? "unknown reporter"}, ${report.reportDay}, ${report.reportId}`);
  for (const { policyDomain, successfulSessions, failedSessions, failures } of countReport(report)) {
    console.log(
      `  ${policyDomain ?? "?"}: ${successfulSessions} sessions succeeded, ${failedSessions} failed`,
    );
    for (const { resultType, receivingMxHost, countedSessions } of failures) {
      const host = receivingMxHost ? ` at ${receivingMxHost}` : "";
      console.log(`    ${countedSessions} x ${resultType}${host}: ${explainResultType(resultType).nextStep}`);
    }
  }
}
