import { DAY_MS } from "@waxseal/runtime/time-spans";
import type { FailureDetail, PolicyResult, TlsReport } from "@waxseal/tls-rpt";
import type { Sender } from "./sender-personalities.ts";

/** One attempt to hand a mail to an MX host, as the sender remembers it for its report. */
export type SenderSession = {
  at: Date;
  domain: string;
  policyType: "sts" | "no-policy-found";
  policyLines: string[];
  mxPatterns: string[];
  failure: Omit<FailureDetail, "failedSessions" | "knownResultType" | "additionalInfo"> | undefined;
};

/**
 * The report of one sender about one domain and one UTC day.
 *
 * `sessions` are all of that day and domain. `sequence` keeps the ids of several
 * reports about one day apart, which a real sender, with one a day, need not do.
 *
 * RFC 8460 §4.1, §4.4
 */
export function buildSessionReport(input: {
  sender: Sender;
  domain: string;
  reportDay: string;
  sessions: readonly SenderSession[];
  sequence: string;
}): TlsReport {
  const startAt = new Date(`${input.reportDay}T00:00:00Z`);
  return {
    organizationName: input.sender.organizationName,
    contactInfo: input.sender.contactInfo,
    reportId: reportId(input.sender, input.domain, startAt, input.sequence),
    startAt,
    endAt: new Date(startAt.getTime() + DAY_MS - 1000),
    reportDay: input.reportDay,
    policies: groupBy(input.sessions, ({ policyType, policyLines }) =>
      [policyType, ...policyLines].join("\n"),
    ).map((sessions) => summarize(input.domain, sessions)),
  };
}

function summarize(domain: string, sessions: readonly SenderSession[]): PolicyResult {
  const failures = sessions.flatMap(({ failure }) => (failure ? [failure] : []));
  return {
    policyType: sessions[0]?.policyType ?? "no-policy-found",
    policyDomain: domain,
    policyStrings: sessions[0]?.policyLines ?? [],
    mxHostPatterns: sessions[0]?.mxPatterns ?? [],
    successfulSessions: sessions.length - failures.length,
    failedSessions: failures.length,
    failureDetails: groupBy(failures, (failure) => JSON.stringify(Object.values(failure))).flatMap(
      ([failure, ...same]) =>
        failure
          ? [{ ...failure, knownResultType: true, failedSessions: same.length + 1, additionalInfo: null }]
          : [],
    ),
  };
}

function reportId(sender: Sender, domain: string, startAt: Date, sequence: string): string {
  if (sender.style === "microsoft") return `${startAt.getTime()}${sequence}+${domain}`;
  return `${startAt.toISOString().replace(".000Z", "Z")}_${domain}_${sequence}`;
}

function groupBy<Item>(items: readonly Item[], key: (item: Item) => string): Item[][] {
  return [...Map.groupBy(items, key).values()];
}
