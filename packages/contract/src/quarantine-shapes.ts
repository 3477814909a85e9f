import { z } from "zod";
import { Id } from "./domain-shapes.ts";
import { pageAnswer, pageQuery } from "./page-shapes.ts";
import { ReportTransport } from "./tls-reports.ts";

/**
 * Why a message could not be used.
 *
 * - `no-report`: no TLS report in it; `empty`: nothing at all; `ordinary-mail`: a mail without a report, perhaps spam
 * - `dmarc-report`, `dmarc-failure-report`, `abuse-report`: a report of another kind, sent to the wrong address
 * - `attachment-removed`: a TLS report is announced, but its attachment was removed on the way
 * - `bounce`, `auto-reply`, `read-receipt`: sent by a machine in answer to a mail
 * - `encrypted-archive`, `encrypted-mail`: cannot be opened without a password or key
 * - `portal-page`: a link to a web page where the mail is to be read; `web-page`: HTML was uploaded; `confirmation`: a request to confirm
 * - `truncated`: the end of the compressed data is missing; `bad-gzip`: the compressed data is damaged
 * - `unsupported-archive`: tar, 7-Zip, bzip2 and others
 * - `too-large`: larger than the caps once unpacked; `over-limit`: more files, mails or layers than are read
 * - `not-json`: the report is not JSON
 * - `not-a-report`: JSON, but the parts that identify a report are missing
 * - `bad-dates`: the period cannot be read or lies outside what can be true
 * - `other-domain`: about a domain that this token does not belong to
 * - `changed-copy`: same identity as a counted report, other content
 * - `processing-failed`: our own fault; it can be reprocessed once that is fixed
 */
export const QuarantineReason = z.enum([
  "no-report",
  "empty",
  "ordinary-mail",
  "dmarc-report",
  "dmarc-failure-report",
  "abuse-report",
  "attachment-removed",
  "bounce",
  "auto-reply",
  "read-receipt",
  "encrypted-archive",
  "encrypted-mail",
  "portal-page",
  "web-page",
  "confirmation",
  "truncated",
  "bad-gzip",
  "unsupported-archive",
  "too-large",
  "over-limit",
  "not-json",
  "not-a-report",
  "bad-dates",
  "other-domain",
  "changed-copy",
  "processing-failed",
]);

/** A message in quarantine. */
export const QuarantineView = z
  .object({
    id: Id,
    domainId: Id.nullable(),
    receivedAt: z.iso.datetime(),
    transport: ReportTransport,
    reason: QuarantineReason,
    title: z.string().describe("What it is, in a few words"),
    detail: z.string(),
    nextStep: z.string().describe("What the owner can do"),
    sizeBytes: z.int(),
    envelopeFrom: z.string().nullable(),
    remoteAddress: z.string().nullable(),
  })
  .meta({ id: "Quarantined" });

/** A page of quarantined messages, newest first. */
export const QuarantineListView = z
  .object({ items: z.array(QuarantineView), ...pageAnswer })
  .meta({ id: "QuarantineList" });

/** Query of `GET /quarantine`. */
export const QuarantineListQuery = z.object({
  ...pageQuery(50),
});

/** Body of `POST /quarantine/reparse`. */
export const ReparseQuarantineBody = z
  .object({
    cursor: z
      .string()
      .max(100)
      .optional()
      .describe("Where to go on; without one it begins with the oldest message"),
    limit: z.int().min(1).max(100).default(20).describe("Messages to be read by this call"),
  })
  .meta({ id: "ReparseQuarantineBody" });

/** How many messages of the quarantine were read again, what they are now, and how many are left to read. */
export const ReparsedQuarantineView = z
  .object({
    read: z.int(),
    processed: z.int(),
    duplicate: z.int(),
    quarantined: z.int(),
    remaining: z.int(),
    nextCursor: z.string().nullable(),
  })
  .meta({ id: "ReparsedQuarantine" });

/** What a re-parse made of a message. */
export const ReparseView = z
  .object({
    state: z.enum(["processed", "duplicate", "quarantined"]),
    reason: QuarantineReason.nullable(),
    title: z.string().nullable().describe("The reason in a few words"),
  })
  .meta({ id: "Reparse" });
