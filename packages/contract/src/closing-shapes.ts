import { z } from "zod";

/** `GET /account/closing`: whether the account is being deleted, and what it waits for. */
export const ClosingView = z
  .object({
    closingAt: z.iso.datetime().nullable().describe("null: it is not being deleted"),
    domainsStaying: z.int().describe("Domains that have not left"),
    domains: z
      .array(
        z.object({
          domain: z.string(),
          status: z.enum(["pending", "active", "leaving", "left"]),
          leavesAt: z.iso
            .datetime()
            .nullable()
            .describe("When the last sender can no longer hold its policy"),
        }),
      )
      .describe("The first 100 of them"),
  })
  .meta({ id: "Closing" });

/** `POST /account/closing` */
export const ClosingBody = z
  .object({ name: z.string().max(200).describe("The account's name, to confirm") })
  .meta({ id: "NewClosing" });
