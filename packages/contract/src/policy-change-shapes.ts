import { z } from "zod";
import { domainSelection, isOneSelection, ONE_SELECTION } from "./domain-selection.ts";
import { Id } from "./domain-shapes.ts";
import { UNSAFE_CODES } from "./interlock-shapes.ts";
import { MAX_PAGE, pageAnswer, pageQuery } from "./page-shapes.ts";
import { PolicyMode } from "./policy-shapes.ts";

const pattern = z.string().trim().min(1).max(255);

/** What becomes different in each policy; what is left out stays. RFC 8461 §3.2 */
export const PolicyEdit = z
  .object({
    mode: PolicyMode.optional(),
    maxAgeSeconds: z.int().min(0).max(Number.MAX_SAFE_INTEGER).optional(),
    addMx: z.array(pattern).max(10).default([]),
    removeMx: z.array(pattern).max(10).default([]),
  })
  .refine(
    ({ mode, maxAgeSeconds, addMx, removeMx }) =>
      mode !== undefined || maxAgeSeconds !== undefined || addMx.length + removeMx.length > 0,
    "Change at least one thing",
  );

/** `POST /policy-changes`: either some domains or all that a filter of `GET /customers/domains` leaves, at most 1,000. */
export const PolicyChangeBody = z
  .object({
    ...domainSelection(1_000),
    edit: PolicyEdit,
  })
  .refine(isOneSelection, ONE_SELECTION)
  .meta({ id: "NewPolicyChange" });

/** `POST /policy-changes/:id/continue` */
export const ContinueBody = z
  .object({
    limit: z.int().min(1).max(25).default(10).describe("How many domains at most, one after the other"),
  })
  .meta({ id: "PolicyChangeStep" });

/** A change to many policies: prepared, then applied in steps, each as the person who requested it; later waves go on automatically. */
export const PolicyChangeView = z
  .object({
    id: Id,
    edit: PolicyEdit,
    createdAt: z.iso.datetime(),
    createdBy: z.string(),
    endedAt: z.iso.datetime().nullable().describe("No domain waits any more"),
    domains: z.int(),
    waiting: z.int().describe("Can be applied"),
    applied: z.int(),
    unchanged: z.int().describe("Are as wanted already"),
    refused: z.int().describe("Each says why"),
    stopped: z.int().describe("Were waiting when the change was stopped"),
    enforcing: z.int().describe("Domains that begin to enforce, applied or not"),
    wave: z.int().describe("The wave that may be applied, from 0"),
    waves: z.int().describe("How many there are: more than one when more than 20 domains begin to enforce"),
    nextWaveAt: z.iso
      .datetime()
      .nullable()
      .describe(
        "When the wave begins automatically, once the domains changed so far were tested again; null: at once",
      ),
    goesOn: z.boolean().describe("The first wave is done: the others are applied automatically"),
    haltReason: z.string().nullable().describe("Why it stopped automatically"),
    revertsId: Id.nullable().describe("The change that this one takes back"),
  })
  .meta({ id: "PolicyChange" });

/** `GET /policy-changes`, newest first. */
export const PolicyChangeListView = z
  .object({ items: z.array(PolicyChangeView), ...pageAnswer })
  .meta({ id: "PolicyChangeList" });

/** What a change does to one domain. */
export const PolicyLineState = z.enum(["waiting", "applied", "unchanged", "refused", "stopped"]);

/** `GET /policy-changes/:id/lines` */
export const PolicyLineQuery = z.object({
  state: PolicyLineState.optional(),
  ...pageQuery(MAX_PAGE),
});

/** What enforcing would do to one domain, by what was known when the change was prepared. It is tested again at its turn. */
export const PolicyLineAssessment = z
  .object({
    verdict: z
      .enum(["safe", "advise", "stop", "untested"])
      .describe("untested: not known well enough; it is tested before it is applied"),
    codes: z.array(z.enum(UNSAFE_CODES)),
    refusedSessions: z.int().describe("Of `sessions` in proven reports of 14 days, those refused"),
    sessions: z.int(),
    hostsGood: z.int().describe("MX hosts that passed their last test"),
    hosts: z.int(),
  })
  .meta({ id: "PolicyLineAssessment" });

const policy = z.object({ mode: PolicyMode, mx: z.array(z.string()), maxAgeSeconds: z.int() });

/** A page of a change's domains, in the order of the preview: by name. */
export const PolicyLineListView = z
  .object({
    items: z.array(
      z.object({
        place: z.int(),
        domainId: Id,
        domain: z.string(),
        customer: z.string().nullable().describe("null: of this account itself"),
        state: PolicyLineState,
        reason: z.string().nullable().describe("Why it was refused"),
        before: policy.nullable(),
        after: policy.nullable(),
        version: z.int().nullable().describe("The version that was made"),
        wave: z.int(),
        assessment: PolicyLineAssessment.nullable().describe("null: it does not begin to enforce"),
      }),
    ),
    ...pageAnswer,
  })
  .meta({ id: "PolicyLineList" });
