import { z } from "zod";

/** `GET /find` */
export const FindQuery = z.object({
  q: z.string().min(1).max(100).describe("Any part of a name, or of the id that a reporter gave a report"),
});

/** What was found: at most 8 domains, 5 customers, 5 reporters and 5 reports. */
export const FoundView = z
  .object({
    domains: z.array(
      z.object({
        id: z.string(),
        domain: z.string(),
        accountId: z.string(),
        customer: z.string().nullable().describe("null: of this account itself"),
      }),
    ),
    customers: z.array(z.object({ id: z.string(), name: z.string(), externalId: z.string().nullable() })),
    reporters: z.array(z.string()).describe("Of the newest 5,000 reports of the last 30 days"),
    reports: z
      .array(
        z.object({ id: z.string(), reporter: z.string(), reportId: z.string(), reportDay: z.iso.date() }),
      )
      .describe("Of the newest 5,000 reports of the last 30 days"),
  })
  .meta({ id: "Found" });
