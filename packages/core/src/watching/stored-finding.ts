import type { Alert } from "@waxseal/db";
import { z } from "zod";
import { FINDING_CODES, type Finding } from "../judging/judge-domain.ts";

const FAULTS = [
  "no-starttls",
  "certificate-expired",
  "certificate-host-mismatch",
  "certificate-not-trusted",
  "tls-too-old",
] as const;

const Cause = z.object({
  resultType: z.string(),
  mxHost: z.string().nullable(),
  sessions: z.number(),
  reporters: z.array(z.string()),
  firstDay: z.string(),
  lastDay: z.string(),
  continuing: z.boolean(),
});

/** `FindingEvidence` as JSON. */
const Evidence = z.object({
  mxHost: z.string().optional(),
  fault: z.enum(FAULTS).nullable().optional(),
  hasOthers: z.boolean().optional(),
  notAfter: z.coerce.date().optional(),
  isExpired: z.boolean().optional(),
  name: z.string().optional(),
  cause: Cause.optional(),
  sessions: z.number().optional(),
  refusedSessions: z.number().optional(),
  lastReportDay: z.string().optional(),
  detail: z.string().optional(),
  comesAndGoes: z.boolean().optional(),
  reporters: z.array(z.string()).optional(),
  signer: z.string().optional(),
  count: z.number().optional(),
  hosts: z.array(z.string()).optional(),
  oldHosts: z.array(z.string()).optional(),
  provider: z.string().optional(),
  untilDay: z.string().optional(),
  sinceDay: z.string().optional(),
  leftDay: z.string().optional(),
  isDangling: z.boolean().optional(),
});

const Stored = z.object({
  code: z.enum(FINDING_CODES),
  subject: z.string(),
  severity: z.enum(["critical", "warning", "notice"]),
  move: z.enum(["owner", "mx-operator", "dns-operator", "us"]),
  evidence: Evidence,
});

/** The worst finding as `domain.health_reason` keeps it. */
export type StoredFinding = Omit<Finding, "since">;

/** Reads `domain.health_reason`; null without one, and for one of a release that knew other conditions. */
export function readStoredFinding(value: unknown): StoredFinding | null {
  return compact(Stored.safeParse(value).data) ?? null;
}

/** A finding as JSON, without its time. */
export function storeFinding({ code, subject, severity, move, evidence }: Finding) {
  return { code, subject, severity, move, evidence: storeEvidence(evidence) };
}

/** Evidence as JSON. */
export function storeEvidence({ notAfter, cause, ...evidence }: Finding["evidence"]) {
  return {
    ...evidence,
    ...(cause && { cause: { ...cause } }),
    ...(notAfter && { notAfter: notAfter.toISOString() }),
  };
}

/** An alert that is not resolved as the finding it was made from; undefined for a condition of another release. */
export function findingOf(alert: Alert): Finding | undefined {
  const { condition: code, subject, severity, evidence, firstSeenAt: since } = alert;
  const read = readStoredFinding({ code, subject, severity, move: "us", evidence });
  return read ? { ...read, since } : undefined;
}

/** Zod writes undefined where a key is missing; evidence has no such keys. */
function compact(read: z.infer<typeof Stored> | undefined): StoredFinding | undefined {
  if (!read) return undefined;
  const evidence = Object.fromEntries(
    Object.entries(read.evidence).filter(([, value]) => value !== undefined),
  );
  return { ...read, evidence };
}
