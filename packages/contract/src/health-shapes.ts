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

/** How a domain is doing, with its worst reason. */
export const HealthView = z
  .object({
    state: HealthState,
    code: z.string().nullable().describe("The worst condition, e.g. `mx.badTls`; the list may grow"),
    reason: z.string().nullable().describe("The worst condition in a sentence"),
    since: instant.nullable().describe("When it began, as far as known"),
  })
  .meta({ id: "Health" });
