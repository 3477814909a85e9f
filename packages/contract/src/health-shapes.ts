import { z } from "zod";

const instant = z.iso.datetime().describe("UTC");

/** How a domain is doing, worst first but for the last three. */
export const HealthState = z.enum([
  "mail-failing",
  "at-risk",
  "needs-action",
  "waiting",
  "working",
  "good",
  "off",
]);
/** One of the states of a domain's health. */
export type HealthState = z.infer<typeof HealthState>;

/** How one part of a domain is, as a word. */
export const HealthCheck = z
  .object({
    part: z.enum(["dns", "certificate", "policy", "mx", "reports"]),
    tone: z.enum(["good", "working", "notice", "bad", "idle"]),
    word: z.string(),
    at: instant.nullable(),
    atLabel: z.string().nullable().describe("What `at` is, e.g. Checked"),
  })
  .meta({ id: "HealthCheck" });

/** How far the evidence goes that enforcing would hold back no mail. */
export const EnforceReadiness = z
  .object({
    state: z.enum(["failing", "collecting", "unsure", "ready"]),
    progress: z.number().min(0).max(1),
    reportDays: z.int(),
    neededDays: z.int(),
    sessions: z.int(),
    neededSessions: z.int(),
    reporters: z.int(),
    refusedSessions: z.int().describe("That enforcement would have refused"),
    refusedShareAtMost: z.number().nullable().describe("The upper end of the 95 % interval"),
    text: z.string(),
  })
  .meta({ id: "EnforceReadiness" });

/** The states in which something has to be done. */
export const ATTENTION_STATES: readonly HealthState[] = ["mail-failing", "at-risk", "needs-action"];

/** A filter of lists of domains: one state, or all that need attention. */
export const HealthFilter = z.enum(["attention", ...HealthState.options]);
/** One of the values of a filter by health. */
export type HealthFilter = z.infer<typeof HealthFilter>;

/** How a domain is doing, with its worst reason. */
export const HealthView = z
  .object({
    state: HealthState,
    code: z.string().nullable().describe("The worst condition, e.g. `mx.badTls`; the list may grow"),
    reason: z.string().nullable().describe("The worst condition in a sentence"),
    since: instant.nullable().describe("When it began, as far as known"),
  })
  .meta({ id: "Health" });
