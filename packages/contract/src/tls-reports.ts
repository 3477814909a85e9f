import { z } from "zod";
import { Id } from "./domain-shapes.ts";
import { MAX_PAGE, pageAnswer, pageQuery } from "./page-shapes.ts";

/** A UTC calendar day, YYYY-MM-DD. */
export const Day = z.iso.date();

/** The five ways of asking. */
export const GroupBy = z.enum(["day", "result", "source", "mx", "policy"]);

/**
 * Who a report is known to come from: `aligned`, a valid signature of a domain that signs for the organisation named; `signed`, a valid
 * signature of another domain; `unsigned`, no valid signature, as with everything uploaded over HTTPS.
 */
export const ReportTrust = z.enum(["aligned", "signed", "unsigned"]);

/** What the DKIM signature of a report's mail is worth. */
export const ReportSignature = z.enum(["valid", "broken", "none", "unchecked"]);

/** How a report arrived. */
export const ReportTransport = z.enum(["smtp", "https", "import"]);

/** What narrows a question down to some failures: only failed sessions carry a result, a mail host and a sending address. */
const FailureFilter = {
  policy: z
    .string()
    .min(1)
    .max(100)
    .optional()
    .describe(
      "Only sessions under this policy type: sts, tlsa, no-policy-found or what a report says instead",
    ),
  result: z
    .string()
    .min(1)
    .max(100)
    .optional()
    .describe("Only failures of this result type; sessions that went well are not counted then"),
  mx: z
    .string()
    .min(1)
    .max(255)
    .optional()
    .describe("Only failures at this MX host; sessions that went well are not counted then"),
  ip: z
    .string()
    .min(1)
    .max(100)
    .optional()
    .describe("Only failures of this sending address; sessions that went well are not counted then"),
};

/** Days are inclusive, UTC; default: the last 30 days that are complete, up to yesterday… and today. */
const SummaryFilter = z.object({
  from: Day.optional(),
  to: Day.optional(),
  domainId: Id.optional(),
  source: z.string().max(600).optional().describe("Only what this reporter says"),
  trust: ReportTrust.or(z.literal("any"))
    .optional()
    .describe("Only figures of such reports; default: any. Every figure also says how much of it is proven"),
  ...FailureFilter,
});

/** Query of `GET /tls-reports/summary`. */
export const SummaryQuery = SummaryFilter.extend({ groupBy: GroupBy.default("day"), ...pageQuery(MAX_PAGE) });

const sessions = z.int().min(0);

/** Who announces an address: a hint for people, from data that may be old. Its makers are named in `GET /info`. */
export const NetworkView = z
  .object({
    asn: z.int(),
    owner: z.string(),
    country: z
      .string()
      .nullable()
      .describe("ISO 3166; of the announced range, not the location of the server"),
  })
  .meta({ id: "Network" });

const network = NetworkView.nullable().describe("null: no network is known to announce the address");

const trustedSessions = z.object({
  reports: z.int(),
  successfulSessions: sessions,
  failedSessions: sessions,
});

/** Totals of a range. `gapDays` are days without any report: unknown, not zero. */
export const SessionTotals = z
  .object({
    reports: z.int(),
    successfulSessions: sessions,
    failedSessions: sessions,
    successShare: z.number().min(0).max(1).nullable().describe("null without any session"),
    gapDays: z.int(),
    byTrust: z
      .object({ aligned: trustedSessions, signed: trustedSessions, unsigned: trustedSessions })
      .describe("The sessions of the range by who signed the reports, whatever `trust` was asked for"),
  })
  .meta({ id: "SessionTotals" });

/**
 * One row of a summary. `key` is the day, result type, reporter, MX host or policy type.
 * For groupBy=result the row of sessions that went well has the key "successful".
 */
export const SummaryRow = z
  .object({
    key: z.string(),
    title: z.string().describe("The key in words"),
    reports: z.int().nullable(),
    successfulSessions: sessions,
    failedSessions: sessions,
    counted: z
      .object({ successfulSessions: sessions, failedSessions: sessions })
      .nullable()
      .describe(
        "For groupBy=policy: the part of this row that adds to the totals. Less than the row's own figures where reports list the same sessions under another policy too",
      ),
    proven: z
      .object({ successfulSessions: sessions, failedSessions: sessions })
      .describe("The part of this row's figures that comes from aligned reports"),
    trust: ReportTrust.nullable().describe("For groupBy=source"),
    share: z.number().min(0).max(1).describe("Of all sessions in the range"),
    hasReports: z.boolean().describe("false: a gap in the days"),
    explanation: z
      .object({ meaning: z.string(), usualOwner: z.string(), nextStep: z.string() })
      .nullable()
      .describe("For groupBy=result"),
    sendingAddresses: z
      .array(z.object({ sendingMtaIp: z.string(), failedSessions: sessions, network }))
      .describe("For groupBy=source: the addresses named in failures, most failures first"),
    byResult: z.record(z.string(), sessions).describe("Failed sessions by result type"),
  })
  .meta({ id: "SummaryRow" });

/** Answer of `GET /tls-reports/summary`. */
export const SummaryView = z
  .object({
    from: Day,
    to: Day,
    groupBy: GroupBy,
    totals: SessionTotals,
    ...pageAnswer,
    items: z.array(SummaryRow),
  })
  .meta({ id: "Summary" });

/** Query of `GET /tls-reports/clusters`. */
export const ClusterQuery = SummaryFilter.extend(pageQuery(100));

/** Query of `GET /tls-reports/sources-by-day`. */
export const SourceDaysQuery = SummaryFilter.pick({
  from: true,
  to: true,
  domainId: true,
  trust: true,
}).extend(pageQuery(50));

/** Answer of `GET /tls-reports/sources-by-day`: the sources with most sessions first, each with every day of the range. */
export const SourceDaysView = z
  .object({
    from: Day,
    to: Day,
    items: z.array(
      z.object({
        key: z.string().describe("As the filter `source` takes it"),
        title: z.string(),
        trust: ReportTrust,
        reports: z.int(),
        successfulSessions: sessions,
        failedSessions: sessions,
        days: z
          .array(z.object({ successfulSessions: sessions, failedSessions: sessions }).nullable())
          .describe("In order; null: no report about this day"),
      }),
    ),
    more: z.int().min(0).describe("Sources after this page"),
    ...pageAnswer,
  })
  .meta({ id: "SourceDays" });

/** Who can make a failure go away. */
const FixOwner = z.enum(["domain-owner", "mx-operator", "dns-operator", "us", "sender", "nobody", "unknown"]);

/** Failures of one cause at one MX host, from all reporters. "" where the reports name none, or several. */
export const FailureClusterView = z
  .object({
    cause: z.string().describe("A result type, or a more exact word where the reason codes say more"),
    resultType: z.string().describe("What most of the reports call it"),
    mxHost: z.string(),
    byResult: z.record(z.string(), sessions).describe("Failed sessions by result type"),
    byMxHost: z.record(z.string(), sessions).describe("Failed sessions by MX host"),
    reporter: z.string().describe("The one with most failures"),
    reasonCode: z.string(),
    reporters: z
      .array(
        z.object({
          reporter: z.string(),
          trust: ReportTrust,
          failedSessions: sessions,
          reasonCodes: z.array(z.string()).describe("At most 10"),
          firstDay: Day,
          lastDay: Day,
        }),
      )
      .describe("Who reported it, most failures first"),
    status: z
      .object({ state: z.enum(["continuing", "over"]), since: Day })
      .describe("over: all who reported it have since reported about a later day without it"),
    outcome: z.string().describe("What the sender tried, and whether the mail was delivered or held back"),
    title: z.string(),
    firstDay: Day.describe("First day with such a failure, in the range or the period before it"),
    lastDay: Day,
    failedSessions: sessions,
    provenFailedSessions: sessions.describe("The part that comes from aligned reports"),
    share: z.number().min(0).max(1).describe("Of all sessions in the range"),
    trend: z.object({
      direction: z.enum(["new", "rising", "steady", "falling"]),
      failedSessionsBefore: sessions.describe("In the period of the same length before the range"),
    }),
    domains: z.array(z.string()).describe("The affected, most failures first, at most 10"),
    sendingAddresses: z
      .array(z.object({ sendingMtaIp: z.string(), failedSessions: sessions, network }))
      .describe("Most failures first, at most 10"),
    meaning: z.string(),
    fixedBy: FixOwner,
    nextStep: z.string(),
    message: z
      .object({ subject: z.string(), body: z.string() })
      .describe("Plain text, ready to send to the person who has to act"),
  })
  .meta({ id: "FailureCluster" });

/** Answer of `GET /tls-reports/clusters`: most failed sessions first. */
export const FailureClusterListView = z
  .object({ from: Day, to: Day, totalSessions: sessions, items: z.array(FailureClusterView), ...pageAnswer })
  .meta({ id: "FailureClusterList" });

/** Query of `GET /tls-reports/export`. */
export const ReportExportQuery = SummaryFilter.extend({
  format: z.enum(["csv", "json"]).default("csv"),
  view: z.enum(["daily", "failures", "reports"]).default("daily"),
});

/** Query of `GET /tls-reports`. `result` is a result type. */
export const ReportListQuery = z.object({
  from: Day.optional(),
  to: Day.optional(),
  domainId: Id.optional(),
  source: z.string().max(600).optional(),
  trust: ReportTrust.or(z.literal("any")).optional(),
  ...FailureFilter,
  ...pageQuery(50),
});

/** A report in a list. */
export const ReportSummaryView = z
  .object({
    id: Id,
    domainId: Id,
    domain: z.string(),
    reportDay: Day,
    reporter: z.string(),
    submitter: z.string().nullable(),
    reportId: z.string(),
    successfulSessions: sessions,
    failedSessions: sessions,
    resultTypes: z.array(z.string()),
    trust: ReportTrust,
    signature: ReportSignature,
    signedBy: z.string().nullable().describe("The domain whose signature is valid"),
    transport: ReportTransport,
    receivedAt: z.iso.datetime(),
  })
  .meta({ id: "ReportSummary" });

/** A page of reports, newest day first. */
export const ReportListView = z
  .object({ items: z.array(ReportSummaryView), ...pageAnswer })
  .meta({ id: "ReportList" });

/** What one sender said about failed sessions. */
export const FailureDetailView = z
  .object({
    resultType: z.string(),
    title: z.string(),
    sendingMtaIp: z.string().nullable(),
    network: network.describe("Of the sending address"),
    receivingMxHost: z.string().nullable(),
    receivingMxHelo: z.string().nullable(),
    receivingIp: z.string().nullable(),
    failedSessions: sessions.nullable().describe("null: the report lists this failure without a count"),
    failureReasonCode: z.string().nullable(),
    additionalInfo: z.string().nullable(),
  })
  .meta({ id: "FailureDetail" });

/** A whole report. */
export const ReportView = ReportSummaryView.extend({
  contactInfo: z.string().nullable(),
  startAt: z.iso.datetime(),
  endAt: z.iso.datetime(),
  quirks: z.array(z.string()).describe("Deviations from RFC 8460 that were repaired"),
  messageId: Id,
  sizeBytes: z.int(),
  policies: z.array(
    z.object({
      policyType: z.string(),
      policyDomain: z.string().nullable(),
      policyStrings: z.array(z.string()),
      mxHostPatterns: z.array(z.string()),
      successfulSessions: sessions.nullable().describe("null: the report does not say"),
      failedSessions: sessions.nullable().describe("null: the report does not say"),
      failureDetails: z.array(FailureDetailView),
    }),
  ),
}).meta({ id: "Report" });
