import { z } from "zod";

/** `GET /domains/:id/served`: what a sender that asks right now gets. RFC 8461 §3.3 */
export const ServedPolicyView = z
  .object({
    fetchedAt: z.iso.datetime(),
    body: z.string().nullable().describe("The file as served; null when it could not be fetched"),
    problem: z.string().nullable().describe("Why it could not be fetched"),
    addresses: z
      .string()
      .nullable()
      .describe(
        "Which addresses of the policy host do not serve it, in words; null: none, or there is one only",
      ),
    version: z.int().nullable().describe("The newest version with exactly this body; null: none of them"),
    isNewest: z.boolean().describe("Whether it is what the newest version says"),
  })
  .meta({ id: "ServedPolicy" });
