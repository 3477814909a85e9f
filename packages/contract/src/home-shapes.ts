import { z } from "zod";
import { Id, ReportFigures } from "./domain-shapes.ts";
import { EventView } from "./events.ts";
import { HealthState, HealthView } from "./health-shapes.ts";

const DomainRef = z.object({
  domainId: Id,
  domain: z.string(),
  accountId: z.string(),
  customer: z.string().nullable().describe("null: of this account itself"),
});

/** What a person sees first: whether mail is safe, what needs them, what changed and what is next; of a provider with all its customers. */
export const HomeView = z
  .object({
    customers: z.int(),
    domains: z.int().describe("Without those that have left"),
    byHealth: z.record(HealthState, z.int()),
    refusing: z
      .int()
      .describe(
        "Failing domains whose policy is enforced; senders still deliver the mail of the other failing ones",
      ),
    mail: z
      .object({
        now: ReportFigures.describe("Trusted reports of the last 14 complete days about all domains"),
        before: z
          .object({ sessions: z.int(), successShare: z.number().nullable() })
          .describe("Those of the 14 days before them"),
      })
      .nullable()
      .describe("null: reports cannot be read now"),
    attention: z.object({
      total: z.int(),
      items: z.array(
        DomainRef.extend({
          health: HealthView,
          action: z.string().describe("What to do, as a button says it"),
        }),
      ),
    }),
    changes: z.array(EventView.extend({ domain: z.string().nullable(), accountId: z.string() })),
    next: z.object({
      ready: z.array(DomainRef).describe("Domains in testing whose reports allow to enforce"),
      readyTotal: z.int(),
      expiring: z.array(
        z.object({
          host: z.string(),
          notAfter: z.iso.datetime(),
          domains: z.int(),
          domainId: Id,
          accountId: z.string(),
        }),
      ),
      silent: z.array(z.object({ reporter: z.string(), lastDay: z.iso.date() })),
      waves: z
        .array(
          z.object({
            changeId: Id,
            wave: z.int().describe("From 1"),
            domains: z.int().describe("How many wait in this and later waves"),
            beginsAt: z.iso.datetime().nullable().describe("null: it is being applied"),
          }),
        )
        .describe("Changes to many policies that go on automatically"),
    }),
  })
  .meta({ id: "Home" });
