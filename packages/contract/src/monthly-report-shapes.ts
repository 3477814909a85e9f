import { z } from "zod";
import { Id } from "./domain-shapes.ts";
import { pageAnswer } from "./page-shapes.ts";
import { FailureClusterView } from "./tls-reports.ts";

/** `GET /monthly-report`, and the same as a file */
export const MonthlyReportQuery = z.object({
  month: z
    .string()
    .regex(/^20\d\d-(0[1-9]|1[0-2])$/)
    .optional()
    .describe("A month of UTC days, YYYY-MM; without it the last complete one"),
  domainId: Id.optional().describe(
    "Only this domain; without it all of the account, a provider with its customers",
  ),
});

/** `GET /monthly-report/export` */
export const MonthlyReportExportQuery = MonthlyReportQuery.extend({
  format: z
    .enum(["csv", "json", "html"])
    .default("csv")
    .describe("html: the report as a page of its own, to be printed or passed on"),
});

const FailureCluster = FailureClusterView.shape;
const sessions = z.int().min(0);
const share = z.number().min(0).max(1).nullable().describe("Successful sessions; null without any session");
const figures = { sessions, failedSessions: sessions, successShare: share };

/** What proven reports say of a month, for people: who delivered, what failed and who has to fix it, what changed. */
export const MonthlyReportView = z
  .object({
    month: z.string(),
    from: z.iso.date(),
    to: z.iso.date().describe("The last day that is in it: of a month that is not over, yesterday"),
    isComplete: z.boolean().describe("false: the month is not over"),
    madeAt: z.iso.datetime(),
    about: z.object({
      kind: z.enum(["domain", "account", "provider"]),
      name: z.string().describe("The domain, or the account"),
    }),
    brand: z.object({
      name: z.string().describe("Who made the report: the provider, or the account"),
      logo: z.string().nullable().describe("A data URL"),
    }),
    totals: z.object({ ...figures, reports: z.int(), gapDays: z.int().describe("Days without a report") }),
    before: z.object({ month: z.string(), ...figures }).describe("The month before"),
    days: z.array(
      z.object({
        day: z.iso.date(),
        ...figures,
        hasReports: z.boolean().describe("false: unknown, not zero"),
      }),
    ),
    senders: z.array(z.object({ name: z.string(), ...figures })).describe("Most sessions first, at most 20"),
    failures: z
      .array(
        FailureClusterView.pick({
          title: true,
          mxHost: true,
          domains: true,
          failedSessions: true,
          share: true,
          meaning: true,
          fixedBy: true,
          nextStep: true,
          status: true,
          firstDay: true,
          lastDay: true,
        }).extend({ reporters: z.array(z.string()), trend: z.enum(["new", "rising", "steady", "falling"]) }),
      )
      .describe("Most failed sessions first, at most 20"),
    customers: z
      .array(z.object({ name: z.string(), domains: z.int(), failingDomains: z.int(), ...figures }))
      .describe("Of a provider: this account and each of its customers; else empty"),
    customerFailures: z
      .array(
        z.object({
          customer: z.string(),
          title: z.string(),
          mxHost: z.string(),
          domains: z.array(z.string()),
          failedSessions: sessions,
          fixedBy: FailureCluster.fixedBy,
          nextStep: z.string(),
        }),
      )
      .describe("Of a provider: what failed at its customers, most failed sessions first, at most 40"),
    domains: z
      .array(
        z.object({
          domain: z.string(),
          mode: z.string().nullable(),
          sentence: z.string().describe("Its state when the report was made"),
        }),
      )
      .describe("Those that need attention first, at most 200"),
    changes: z.array(z.string()),
    evidence: z.object({
      reports: z.int().describe("Proven: signed by the reporter. All figures come from these"),
      unprovenReports: z.int().describe("Left out of the figures"),
    }),
  })
  .meta({ id: "MonthlyReport" });

/** An address that gets the account's report each month. */
export const MonthlyRecipientView = z
  .object({
    id: Id,
    email: z.string().describe("Shortened for members who may not manage alerts"),
    state: z
      .enum(["asked", "active", "stopped"])
      .describe("asked: its owner has not confirmed it; stopped: its owner wants no more"),
    nextAt: z.iso.datetime().nullable().describe("When the next report is mailed"),
    createdBy: z.string(),
  })
  .meta({ id: "MonthlyRecipient" });

/** Answer of `GET /monthly-report/recipients`: oldest first, at most 20. */
export const MonthlyRecipientListView = z
  .object({
    items: z.array(MonthlyRecipientView),
    ...pageAnswer,
    toCustomers: z
      .boolean()
      .describe("Of a provider: the owners of each customer get that customer's report, too"),
  })
  .meta({ id: "MonthlyRecipientList" });

/** Body of `POST /monthly-report/recipients`. */
export const MonthlyRecipientBody = z.object({ email: z.email().max(254) });

/** Body of `PUT /monthly-report/customers`. */
export const MonthlyToCustomersBody = z.object({ toCustomers: z.boolean() });
