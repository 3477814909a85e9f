import { z } from "zod";
import { ROLES } from "./permissions.ts";

/** Why a person no longer belongs to an account. */
export const DEPARTURE_REASONS = ["removed", "left", "deleted"] as const;

/** One of {@link DEPARTURE_REASONS}. */
export type DepartureReason = (typeof DEPARTURE_REASONS)[number];

/** The reason of that name; a name of none says the least. */
export function readDepartureReason(name: string): DepartureReason {
  return DEPARTURE_REASONS.find((reason) => reason === name) ?? "left";
}

const RoleName = z.enum(ROLES);

/** `GET /me/person`: who is signed in, apart from any account. */
export const PersonView = z
  .object({
    name: z.string(),
    email: z.string(),
    recoveryCodesLeft: z.int().nullable().describe("Unused ones; null: no app, or not counted yet"),
    mayStartAccount: z.boolean().describe("false: you came by an account's single sign-on"),
    accounts: z.array(z.object({ id: z.string(), name: z.string(), role: RoleName })),
    departures: z
      .array(
        z.object({
          accountId: z.string(),
          accountName: z.string(),
          reason: z.enum(DEPARTURE_REASONS),
          by: z.string().nullable().describe("Who removed you"),
          at: z.iso.datetime(),
        }),
      )
      .describe("Accounts you belonged to in the last 30 days"),
    invitations: z
      .array(
        z.object({
          accountName: z.string(),
          role: RoleName,
          invitedBy: z
            .object({ name: z.string(), email: z.string() })
            .nullable()
            .describe("null: the account itself"),
          expiresAt: z.iso.datetime(),
        }),
      )
      .describe("Open ones of your address; the link in the mail accepts them"),
  })
  .meta({ id: "Person" });

/** `PUT /me/name` */
export const PersonNameBody = z.object({ name: z.string().max(200) }).meta({ id: "PersonName" });

/** `POST /me/email` */
export const EmailChangeBody = z.object({ email: z.email().max(254).toLowerCase() }).meta({ id: "NewEmail" });

/** `POST /email-changes/:emailChangeToken/confirm` */
export const EmailChangeView = z
  .object({
    email: z.string().describe("The new address"),
    waitsFor: z.enum(["old", "new"]).nullable().describe("The address that has not confirmed; null: changed"),
  })
  .meta({ id: "EmailChange" });

/** The token in the link of a mail about another address. */
export const EmailChangeToken = z.string().min(1).max(200);

/** `POST /me/accounts` */
export const NewAccountBody = z
  .object({ name: z.string().trim().min(1).max(100) })
  .meta({ id: "NewAccount" });

/** The account made. */
export const NewAccountView = z.object({ accountId: z.string() }).meta({ id: "StartedAccount" });
