import { z } from "zod";
import { UNSAFE_CODES } from "./interlock-shapes.ts";
import { pageAnswer } from "./page-shapes.ts";

const instant = z.iso.datetime().describe("UTC");

/** The mode of a policy. RFC 8461 §3.2 */
export const PolicyMode = z.enum(["enforce", "testing", "none"]);

/** What a person agrees to when they enforce a policy that could hold mail back. Absent means not agreed. */
const Consent = z.object({
  acknowledge: z
    .array(z.enum(UNSAFE_CODES))
    .max(UNSAFE_CODES.length)
    .optional()
    .describe("Codes of the reasons with level stop; every one of them has to be named"),
  confirmDomain: z.string().max(255).optional().describe("The domain, typed, when something is acknowledged"),
  assessmentId: z
    .string()
    .max(64)
    .optional()
    .describe(
      "The assessment that was shown. Without one, or when it is too old, the domain is looked at again",
    ),
});

/** What an owner asks to be served; checked further by the mta-sts package. RFC 8461 §3.2 */
export const PolicyBody = z
  .object({
    mode: PolicyMode,
    mx: z.array(z.string().max(255)).max(100).describe("MX hosts or *.patterns"),
    maxAgeSeconds: z.int().min(0).max(Number.MAX_SAFE_INTEGER),
    ...Consent.shape,
  })
  .meta({ id: "PolicyInput" });

/** `POST /domains/:id/policy/assess`: the policy that would be set. */
export const PolicyAssessBody = PolicyBody.pick({ mode: true, mx: true, maxAgeSeconds: true }).meta({
  id: "PolicyAssessInput",
});

/** `POST /domains/:id/policy/versions/:version/restore`; nothing at all means nothing is acknowledged. */
export const RestoreBody = Consent.nullish().meta({ id: "RestoreInput" });

/** publishing: served, its id not yet in DNS; live: its id is in DNS; superseded: a newer one took over. */
export const PolicyVersionState = z.enum(["publishing", "live", "superseded"]);

/** One version of a domain's policy. */
export const PolicyVersionView = z
  .object({
    version: z.int(),
    policyId: z.string().describe("The id of the TXT record"),
    mode: PolicyMode,
    mx: z.array(z.string()),
    maxAgeSeconds: z.int(),
    state: PolicyVersionState,
    createdAt: instant,
    createdBy: z.string(),
    publishedAt: instant.nullable(),
    lastServedAt: instant.nullable(),
    horizonAt: instant
      .nullable()
      .describe("When the last sender that cached it forgets it; null while it is served"),
    body: z.string().describe("The policy file, CRLF lines"),
  })
  .meta({ id: "PolicyVersion" });

/** `GET /domains/:id/policy`: the newest version without how far its publication is, so that its ETag changes with the policy only. */
export const PolicyView = PolicyVersionView.pick({
  version: true,
  policyId: true,
  mode: true,
  mx: true,
  maxAgeSeconds: true,
  createdAt: true,
  createdBy: true,
  body: true,
}).meta({ id: "CurrentPolicy" });

/** `GET /domains/:id/policy/versions`, newest first. */
export const PolicyVersionListView = z
  .object({ items: z.array(PolicyVersionView), ...pageAnswer })
  .meta({ id: "PolicyVersionList" });
