import { z } from "zod";

const name = z.string().nullable().describe("Where its CNAME points; null: there is no CNAME");

/** `GET /domains/:id/survey`: what is in a domain's DNS today, and what our three CNAMEs will change. */
export const DomainSurveyView = z
  .object({
    lookedAt: z.iso.datetime(),
    mtaSts: z.object({
      state: z.enum(["none", "elsewhere", "here", "unknown"]).describe("unknown: DNS did not answer"),
      record: z.string().nullable().describe("The TXT record at _mta-sts, when it is one"),
      recordTarget: name,
      hostTarget: name,
      policy: z
        .object({
          body: z.string(),
          mode: z.string().nullable(),
          mx: z.array(z.string()),
          maxAgeSeconds: z.int().nullable(),
        })
        .nullable()
        .describe("What is served elsewhere now"),
      problem: z.string().nullable().describe("Why no policy could be fetched there"),
    }),
    tlsRpt: z.object({
      state: z.enum(["none", "elsewhere", "here", "unknown"]),
      record: z.string().nullable(),
      target: name,
      rua: z.array(z.string()).describe("Where reports go now"),
    }),
    changes: z.array(z.string()).describe("What will change, a sentence each"),
    patterns: z
      .array(z.object({ pattern: z.string(), why: z.string() }))
      .describe("The mx patterns of the newest policy, and why each is a wildcard or not"),
  })
  .meta({ id: "DomainSurvey" });
