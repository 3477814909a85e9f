import { z } from "zod";
import { Day } from "./tls-reports.ts";

/** Query of `GET /domains/:id/fetches`: inclusive UTC days, by default the last 30 up to today. */
export const FetchQuery = z.object({ from: Day.optional(), to: Day.optional() });

/** `GET /domains/:id/fetches`: who fetched which version of the policy when; the last 30 days are kept. */
export const FetchSummaryView = z
  .object({
    from: Day,
    to: Day,
    items: z
      .array(
        z.object({
          day: Day,
          version: z.int().min(0).describe("The version that was served; 0: none was"),
          served: z.int().min(0).describe("Fetches answered with the policy"),
          refused: z.int().min(0).describe("Requests answered with anything but 200"),
        }),
      )
      .describe("Newest day first; days and versions without a fetch are left out"),
    networks: z
      .array(
        z.object({
          network: z.string().describe("/24 or /48 of the client; other: beyond what is kept apart"),
          fetches: z.int().min(0),
          newestVersion: z.int().min(0).describe("The newest version fetched from there"),
          lastHour: z.iso.datetime().describe("Start of the hour of the latest fetch, UTC"),
        }),
      )
      .describe("Most fetches first"),
  })
  .meta({ id: "FetchSummary" });
