import { z } from "zod";

/**
 * Every reason why enforcing a policy now could hold mail back, by code. A code is part of the API: add, never rename.
 *
 * - `mx-all-uncovered`, `mx-uncovered`: none, or not all, of the hosts that receive mail is in the policy (RFC 8461 §4.1)
 * - `mx-no-starttls`, `mx-certificate-expired`, `mx-certificate-host-mismatch`, `mx-certificate-not-trusted`, `mx-tls-too-old`: what an
 *   MX host presents is refused by senders that enforce (RFC 8461 §4.2)
 * - `mx-name-unusable`: no CA can issue a certificate for the name of an MX host
 * - `mx-unknown`: we could not look
 * - `would-refuse`: trusted reports list sessions that enforcement would have refused
 * - `no-evidence`: too few trusted reports to tell
 * - `dane-mismatch`: senders that use DANE refuse the host already, whatever the policy
 * - `mx-certificate-soon`, `host-certificate-soon`: a certificate expires within days
 * - `cname-missing`: a CNAME of the three is not there
 * - `max-age-jump`: senders would cache the policy far longer than any before
 * - `mx-move-running`: a host that received the mail until lately would be taken out while senders may still try it
 * - `null-mx`: the domain accepts no mail
 */
export const UNSAFE_CODES = [
  "mx-all-uncovered",
  "mx-uncovered",
  "mx-no-starttls",
  "mx-certificate-expired",
  "mx-certificate-host-mismatch",
  "mx-certificate-not-trusted",
  "mx-tls-too-old",
  "mx-name-unusable",
  "mx-unknown",
  "would-refuse",
  "no-evidence",
  "dane-mismatch",
  "mx-certificate-soon",
  "host-certificate-soon",
  "cname-missing",
  "max-age-jump",
  "mx-move-running",
  "null-mx",
] as const;

/** One of {@link UNSAFE_CODES}. */
export type UnsafeCode = (typeof UNSAFE_CODES)[number];

/** `stop`: refused unless the code is acknowledged and the domain typed. `advise`: shown, refuses nothing. */
export const UnsafeLevel = z.enum(["stop", "advise"]);

/** One reason, in words for the owner. Days are UTC days, `share` is between 0 and 1. */
export const UnsafeReasonView = z.object({
  code: z.enum(UNSAFE_CODES),
  level: UnsafeLevel,
  mxHost: z.string().nullable(),
  sessions: z.int().nullable(),
  share: z.number().nullable(),
  since: z.iso.date().nullable(),
  lastSeenDay: z.iso.date().nullable(),
  text: z.string(),
});

/** What enforcing the policy would have refused of the sessions in trusted reports. */
export const PolicySimulationView = z.object({
  from: z.iso.date(),
  to: z.iso.date(),
  reportDays: z.int(),
  reporters: z.array(z.string()),
  sessions: z.int(),
  refusedSessions: z.int(),
  refusedShare: z.number().nullable(),
  refusedShareAtMost: z.number().nullable().describe("Upper end of the 95 % interval (Wilson)"),
  causes: z.array(
    z.object({
      resultType: z.string(),
      mxHost: z.string().nullable(),
      sessions: z.int(),
      reporters: z.array(z.string()),
      firstDay: z.iso.date(),
      lastDay: z.iso.date(),
      continuing: z.boolean(),
      text: z.string().describe("The cause in a few words, with its host when the reports name one"),
    }),
  ),
  withoutPolicySessions: z
    .int()
    .describe("Sessions of senders that had not seen a policy: reports cannot say what they would have done"),
  unlistedMxHosts: z
    .array(z.string())
    .describe("Hosts that received the mail in these days, or do now, and that the policy does not allow"),
});

/** Whether a policy can be published now without mail being held back. */
export const PolicyAssessmentView = z.object({
  assessmentId: z.string(),
  lookedAt: z.iso.datetime(),
  validUntil: z.iso.datetime(),
  verdict: z.enum(["safe", "advise", "stop"]),
  reasons: z.array(UnsafeReasonView),
  simulation: PolicySimulationView,
});
