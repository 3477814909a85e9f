import { createHash } from "node:crypto";
import { formatJson } from "@waxseal/db/arrays";
import { NO_REASON, type PolicyResult, type TlsReport } from "@waxseal/tls-rpt";
import type { ReportProblem } from "../reading/report-problem.ts";
import { registeredDomain } from "../trust/judge-report-trust.ts";
import { countDomainRows } from "./count-domain-rows.ts";
import type { KeptMessage, ParsedMessage, ParsedReport } from "./parse-message.ts";
import { type OwnDomain, routePolicies } from "./route-policies.ts";
import type { UnderstoodReport } from "./understood-report.ts";

/** A message's reports by domain, ready to be stored, and why other parts could not be used. */
export type UnderstoodMessage = {
  message: KeptMessage;
  reports: UnderstoodReport[];
  problems: ReportProblem[];
};

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
 * reporter and a domain at best. A report with another signer has an identity of its own, so that it neither displaces nor blocks the
 * reporter's own. RFC 8460 §4.4
 */
function reportIdentity(parts: readonly string[]): string {
  return createHash("sha256").update(JSON.stringify(parts)).digest("hex");
}
