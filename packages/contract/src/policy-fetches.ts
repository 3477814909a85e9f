import { z } from "zod";
import { MAX_PAGE, pageAnswer, pageQuery } from "./page-shapes.ts";
import { Day, NetworkView } from "./tls-reports.ts";

/** Query of `GET /domains/:id/fetches`: inclusive UTC days, by default the last 30 up to today, or the last hours. */
export const FetchQuery = z.object({
  from: Day.optional(),
  to: Day.optional(),
  hours: z.coerce
    .number()
    .int()
    .min(1)
    .max(720)
    .optional()
    .describe("In place of from and to: this number of last hours, including the current one"),
  ...pageQuery(MAX_PAGE),
});

const fetches = z.int().min(0);
const version = z.int().min(0);
const hour = z.iso.datetime().describe("Start of an hour, UTC");

/** `GET /domains/:id/fetches`: who fetched which version of the policy when; the last 30 days are kept. */
export const FetchSummaryView = z
  .object({
    from: Day,
    to: Day,
    totals: z.object({
      served: fetches.describe("Fetches answered with the policy"),
      refused: fetches.describe("Requests answered with anything but 200"),
      networks: z.int().min(0).describe("Client networks that fetched the policy"),
      handshakeFailures: z.int().min(0),
    }),
    items: z
      .array(
        z.object({
          day: Day,
          version: version.describe("The version that was served; 0: none was"),
          served: fetches,
          refused: fetches,
        }),
      )
      .describe("Newest day first; days and versions without a fetch are left out; the only part in pages"),
    ...pageAnswer,
    timeline: z
      .array(
        z.object({
          at: z.iso.datetime().describe("Start of the hour or the UTC day"),
          refused: fetches,
          versions: z.array(z.object({ version, served: fetches })).describe("Newest version first"),
        }),
      )
      .describe("Every hour of up to 48 hours, else every UTC day, oldest first"),
    versions: z
      .array(
        z.object({
          version,
          served: fetches,
          share: z.number().min(0).max(1).describe("Of all fetches answered with the policy"),
          networks: z
            .int()
            .min(0)
            .describe("Client networks that have fetched this version and none newer, so hold it at most"),
          lastHour: hour.describe("Start of the hour of the latest fetch, UTC"),
        }),
      )
      .describe("Newest version first"),
    networks: z
      .array(
        z.object({
          network: z.string().describe("/24 or /48 of the client; other: beyond what is kept apart"),
          owner: NetworkView.nullable().describe("null: no network is known to announce it"),
          fetches,
          newestVersion: version.describe("The newest version fetched from there"),
          lastHour: hour.describe("Start of the hour of the latest fetch, UTC"),
        }),
      )
      .describe("Most fetches first, at most 50"),
    handshakeFailures: z
      .array(
        z.object({
          reason: z.string().describe("A label such as unsupported-protocol, after OpenSSL's words"),
          meaning: z.string().describe("What it means, and whether the owner has to act"),
          failures: z.int().min(1),
          lastHour: hour.describe("Start of the hour of the latest one, UTC"),
        }),
      )
      .describe("TLS handshakes for the policy host that came to nothing, most first"),
    coverage: z
      .number()
      .min(0)
      .max(1)
      .nullable()
      .describe("Share of the downloads of 30 days whose organisations send reports; null: unknown"),
    senders: z
      .array(
        z.object({
          name: z.string().describe("Who announces the networks, or the reporter"),
          reporter: z.string().nullable().describe("The name in its reports; null: it never reported"),
          networks: z.int().min(0),
          fetches,
          lastHour: hour.nullable(),
          reportDays: z.int().min(0).describe("Days with proven reports of the last 28"),
          lastReportDay: Day.nullable(),
          state: z
            .enum(["reports", "silent", "never", "unknown"])
            .describe("silent: it reported regularly and stopped; unknown: reports cannot be read now"),
          isSilentForAll: z.boolean().describe("It stopped for most domains here, not only for this one"),
        }),
      )
      .describe("Who fetched the policy or reported in the last 30 days, most downloads first; at most 50"),
  })
  .meta({ id: "FetchSummary" });
