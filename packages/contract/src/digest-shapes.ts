import { z } from "zod";
import { Id } from "./domain-shapes.ts";

/** How often a summary comes, and how much it covers: a day, a week or 30 days. */
export const DigestPeriod = z.enum(["daily", "weekly", "monthly"]);
/** One of the periods of a summary. */
export type DigestPeriod = z.infer<typeof DigestPeriod>;

/** `GET /digest` */
export const DigestQuery = z.object({ period: DigestPeriod.default("weekly") });

/** What happened in a day, a week or a month, of all domains of the account and of its customers: the same that is mailed. */
export const DigestView = z
  .object({
    period: DigestPeriod,
    from: z.iso.date().describe("UTC, inclusive"),
    to: z.iso.date().describe("UTC, inclusive: yesterday"),
    verdict: z.string().describe("One sentence: whether all domains are fine"),
    isQuiet: z.boolean().describe("All is fine and nothing changed"),
    domains: z.int(),
    figures: z
      .object({
        sessions: z.int().describe("Connections in trusted reports"),
        failedSessions: z.int().describe("Those that were refused, or would be if the policy were enforced"),
        senders: z.int().describe("Organisations that reported"),
      })
      .nullable()
      .describe("null: reports cannot be read now"),
    changes: z.array(z.string()).describe("What changed, one sentence each"),
    needs: z.object({
      total: z.int(),
      items: z.array(
        z.object({
          domainId: Id,
          accountId: z.string(),
          domain: z.string(),
          customer: z.string().nullable(),
          text: z.string(),
        }),
      ),
    }),
    expiring: z
      .array(z.object({ host: z.string(), notAfter: z.iso.datetime(), domains: z.int() }))
      .describe("Certificates of mail hosts that expire within 30 days"),
  })
  .meta({ id: "Digest" });
