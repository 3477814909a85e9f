import { z } from "zod";
import { EnforceReadiness, HealthCheck, HealthFilter, HealthView } from "./health-shapes.ts";
import { UNSAFE_CODES } from "./interlock-shapes.ts";
import { pageAnswer, pageQuery } from "./page-shapes.ts";
import { PolicyMode, PolicyVersionView } from "./policy-shapes.ts";

/** A UUID of ours. */
export const Id = z.uuid();

const instant = z.iso.datetime().describe("UTC");

/** pending: not serving yet; active: serving; leaving: mode none until every cached policy ran out; left: may be deleted. */
export const DomainStatus = z.enum(["pending", "active", "leaving", "left"]);

/** Which of the three CNAMEs. */
export const SetupRecordKind = z.enum(["policyHost", "stsRecord", "tlsRptRecord"]);

/** unchecked: not looked up yet; unreachable: the domain's DNS did not answer. */
export const SetupRecordState = z.enum(["unchecked", "missing", "wrong", "correct", "unreachable"]);

/**
 * How a CNAME misses although it points to us: otherToken: an old token, or that of another account; otherRecord: the target of
 * another of the three; unknownName: a name of ours without a record.
 */
export const Misdirection = z.enum(["otherToken", "otherRecord", "unknownName"]);

/** One of the three CNAMEs the owner publishes. */
export const SetupRecordView = z
  .object({
    kind: SetupRecordKind,
    type: z.literal("CNAME"),
    name: z.string().describe("Full owner name, e.g. mta-sts.example.com"),
    target: z.string(),
    state: SetupRecordState,
    seen: z.string().nullable().describe("What the DNS answered instead"),
    misplaced: z
      .string()
      .nullable()
      .describe("The wrong name it was found at, e.g. with the zone twice: mta-sts.example.com.example.com"),
    misdirected: Misdirection.nullable().describe("Of a wrong CNAME: how it misses although it points to us"),
    purpose: z.string().describe("What this record is for, in one sentence"),
    checkedAt: instant.nullable(),
    correctSince: instant.nullable(),
  })
  .meta({ id: "SetupRecord" });

/** Who answers for a domain's DNS, at the last look-up that said so. */
export const DnsHostView = z
  .object({
    zone: z.string().nullable().describe("The zone the domain is in; null: not known"),
    nameservers: z.array(z.string()).describe("Its name servers, without trailing dots"),
  })
  .meta({ id: "DnsHost" });

/** The state of the certificate of a policy host. */
export const CertificateState = z.enum([
  "waiting",
  "preflight",
  "ordering",
  "validating",
  "finalizing",
  "issued",
  "failing",
  "stopped",
]);

/** The certificate of mta-sts.<domain>. */
export const CertificateView = z
  .object({
    host: z.string(),
    state: CertificateState,
    stateSince: instant,
    attempts: z.int(),
    nextAttemptAt: instant.nullable(),
    held: z
      .object({ until: instant, reason: z.string() })
      .nullable()
      .describe("A limit of the certificate authority is used up: until when nothing is ordered, and why"),
    lastError: z.object({ code: z.string(), detail: z.string(), at: instant }).nullable(),
    current: z
      .object({
        issuer: z.string(),
        serial: z.string(),
        fingerprint256: z.string(),
        notBefore: instant,
        notAfter: instant,
        renewAt: instant.nullable(),
      })
      .nullable(),
  })
  .meta({ id: "Certificate" });

/** One host the domain's mail goes to, and whether the policy allows it. */
export const MxHostView = z
  .object({
    mxHost: z.string(),
    preference: z.int(),
    covered: z.boolean().describe("Allowed by the newest policy"),
    problem: z
      .string()
      .nullable()
      .describe(
        "Why no certificate can ever prove this host, so that no policy may list it, and what to change",
      ),
    provider: z.string().nullable().describe("Mail provider by name, when known"),
  })
  .meta({ id: "MxHost" });

/** One step from CNAME to active. `at` is when it was reached. */
export const ReadinessStep = z
  .object({
    step: z.enum(["dns", "preflight", "certificate", "policyServed", "recordPublished", "active"]),
    state: z.enum(["done", "current", "failed", "waiting"]),
    title: z.string(),
    detail: z.string().nullable().describe("What was seen, what was expected, who has to act"),
    at: instant.nullable(),
  })
  .meta({ id: "ReadinessStep" });

/** What trusted reports of the last 14 days say; `days` are those days, oldest first, null where nothing was reported. */
export const ReportFigures = z
  .object({
    sessions: z.int(),
    failedSessions: z.int(),
    successShare: z.number().nullable(),
    lastDay: z.iso.date().nullable().describe("The newest day of a report"),
    days: z.array(z.number().nullable()).describe("The share of successful sessions on each day"),
  })
  .meta({ id: "ReportFigures" });

/** How the MX hosts of a domain are: the worst of their states. */
export const MxState = z.enum(["none", "good", "unknown", "bad", "uncovered"]);

/** A domain in a list. */
export const DomainSummaryView = z
  .object({
    id: Id,
    domain: z.string(),
    status: DomainStatus,
    mode: PolicyMode.nullable(),
    sentence: z.string().describe("The state in one sentence, with who has to act"),
    problem: z.boolean().describe("Whether it needs attention"),
    health: HealthView,
    openAlerts: z.int().describe("Open alerts about it, critical ones and warnings"),
    reports: ReportFigures.nullable().describe("null: reports cannot be read now"),
    mxState: MxState,
    setupStates: z.record(SetupRecordKind, SetupRecordState),
    certificateNotAfter: instant.nullable(),
    tags: z.array(z.string()).describe("In the order of the alphabet"),
    createdAt: instant,
  })
  .meta({ id: "DomainSummary" });

/** A whole domain. */
export const DomainView = z
  .object({
    id: Id,
    domain: z.string(),
    status: DomainStatus,
    sentence: z.string(),
    problem: z.boolean(),
    health: HealthView,
    checks: z.array(HealthCheck).describe("How each part of it is, from the same findings as its health"),
    enforceReadiness: EnforceReadiness.nullable().describe("null: it is not in testing"),
    createdAt: instant,
    activeAt: instant.nullable(),
    leavingAt: instant.nullable(),
    leftAt: instant.nullable(),
    checkedAt: instant.nullable(),
    nextCheckAt: instant.nullable(),
    setup: z.array(SetupRecordView),
    dns: DnsHostView,
    policy: PolicyVersionView.nullable().describe("The newest version"),
    publishedPolicyId: z.string().nullable().describe("The id in the TXT record now"),
    publishProblem: z.string().nullable(),
    publishHold: z
      .enum(UNSAFE_CODES)
      .nullable()
      .describe("The reason for which the newest policy is held back; null: it is not held"),
    certificate: CertificateView.nullable(),
    readiness: z.array(ReadinessStep),
    mx: z.array(MxHostView),
    mxCheckedAt: instant.nullable(),
    cacheHorizonAt: instant
      .nullable()
      .describe("Until then some senders may still have cached an older policy; null: none was ever served"),
    reportAddresses: z.array(z.string()).describe("The rua of the TLS-RPT record"),
  })
  .meta({ id: "Domain" });

/** What `POST /domains` takes. Forgiving: URLs, addresses and U-labels are understood. */
export const DomainBody = z
  .object({
    domain: z.string().min(1).max(1_000),
    ask: z
      .boolean()
      .optional()
      .describe(
        "true: when it does not exist, receives no mail or looks like a mistake, refuse with `confirm_needed` and say why; without it, it is added",
      ),
  })
  .meta({ id: "NewDomain" });

/** Query of `GET /domains`. */
export const DomainListQuery = z.object({
  q: z.string().max(255).optional().describe("Any part of the name"),
  health: HealthFilter.optional(),
  status: DomainStatus.optional(),
  tag: z.string().max(40).optional().describe("Only domains with this tag"),
  ...pageQuery(100),
});

const total = z.int().nullable().describe("How many domains match; null on all pages but the first");

/** A page of domains; `nextCursor` is null on the last one. */
export const DomainListView = z
  .object({ items: z.array(DomainSummaryView), ...pageAnswer, total })
  .meta({ id: "DomainList" });

const failedSessions = z.int().min(0).describe("Of the last 30 days' reports");

/** `GET /domains/:id/mx` */
export const MxListView = z
  .object({
    items: z.array(
      z.object({
        ...MxHostView.shape,
        failedSessions,
        successShare: z
          .number()
          .nullable()
          .describe("Null with several hosts: reports count successes for the domain only (RFC 8460 §4.4)"),
      }),
    ),
    ...pageAnswer,
    checkedAt: instant.nullable(),
    unneeded: z.array(z.string()).describe("Patterns of the policy that no MX host needs now"),
    former: z
      .array(z.object({ mxHost: z.string(), failedSessions }))
      .describe("Hosts that reports name as failed and that are no MX host now"),
    reports: z
      .object({
        from: z.iso.date(),
        to: z.iso.date(),
        reports: z.int(),
        sessions: z.int(),
        successShare: z.number().nullable(),
      })
      .describe("All of the domain's sessions in those days"),
  })
  .meta({ id: "MxList" });
