import { z } from "zod";

/** `GET /account/closing`: whether the account is being deleted, and what it waits for. */
export const ClosingView = z
  .object({
    closingAt: z.iso.datetime().nullable().describe("null: it is not being deleted"),
    beginsAt: z.iso
      .datetime()
      .describe(
        "When the domains begin to leave: a day after the closing; before it, if it were asked for now",
      ),
    customers: z.int().describe("Customers that the account manages; with any, it cannot be deleted"),
    customerNames: z.array(z.string()).describe("The first 100 of them"),
    domainsGone: z.int().describe("Domains that have left since the closing: keeping does not restore them"),
    domainsStaying: z.int().describe("Domains that have not left"),
    domains: z
      .array(
        z.object({
          domain: z.string(),
          status: z.enum(["pending", "active", "leaving", "left"]),
          leavesAt: z.iso
            .datetime()
            .nullable()
            .describe(
              "When the last sender can no longer hold its policy: it is served until then; null: it leaves at once",
            ),
        }),
      )
      .describe("The first 100 of them"),
  })
  .meta({ id: "Closing" });

/** `POST /account/closing` */
export const ClosingBody = z
  .object({ name: z.string().max(200).describe("The account's name, to confirm") })
  .meta({ id: "NewClosing" });
