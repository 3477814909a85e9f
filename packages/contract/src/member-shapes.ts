import { z } from "zod";
import { pageAnswer } from "./page-shapes.ts";
import { ROLES } from "./permissions.ts";

const RoleName = z.enum(ROLES);

/** `GET /members` */
export const MemberListView = z
  .object({
    ...pageAnswer,
    items: z.array(
      z.object({
        id: z.string(),
        name: z.string(),
        email: z.string(),
        role: RoleName,
        hasTwoFactor: z.boolean().describe("Asked for a code of an authenticator app"),
        hasPasskey: z.boolean(),
        twoFactorResetAt: z.iso
          .datetime()
          .nullable()
          .describe(
            "From when a requested reset of the authenticator app takes effect; null: none is requested",
          ),
      }),
    ),
  })
  .meta({ id: "MemberList" });

/** `PUT /members/:id` */
export const MemberBody = z.object({ role: RoleName }).meta({ id: "MemberRole" });

/** `DELETE /members/:id` */
export const RemovalQuery = z.object({
  apiKeys: z
    .enum(["end", "takeOver"])
    .default("end")
    .describe("The API keys they made: end, or go on working as yours"),
});

/** `POST /invitations` */
export const InvitationBody = z
  .object({ email: z.email().max(254), role: RoleName.default("viewer") })
  .meta({ id: "NewInvitation" });

/** An invitation that waits for its answer, or has expired. */
export const InvitationView = z
  .object({
    id: z.string(),
    email: z.string(),
    role: RoleName,
    createdAt: z.iso.datetime(),
    expiresAt: z.iso.datetime(),
    invitedBy: z
      .object({ id: z.string(), name: z.string() })
      .nullable()
      .describe("null: an API key, or a person who has deleted their sign-in"),
    isExpired: z.boolean().describe("Sending it again makes it open for seven more days"),
  })
  .meta({ id: "Invitation" });

/** `GET /invitations` */
export const InvitationListView = z
  .object({ items: z.array(InvitationView), ...pageAnswer })
  .meta({ id: "InvitationList" });

/** The token in the link of an invitation mail. */
export const InvitationToken = z.string().min(1).max(100);

/** `GET /invitation-links/:invitationToken` */
export const InvitationLinkView = z
  .object({
    accountId: z.string(),
    accountName: z.string(),
    isAccepted: z.boolean().describe("true: it was accepted and opens nothing more"),
    email: z.string().describe("The address it was sent to, which alone can accept it"),
    role: RoleName,
    invitedBy: z
      .object({ name: z.string(), email: z.string() })
      .nullable()
      .describe("null: the account itself"),
    expiresAt: z.iso.datetime(),
  })
  .meta({ id: "InvitationLink" });

/** `POST /invitation-links/:invitationToken/accept` */
export const JoinedView = z
  .object({ accountId: z.string().describe("The account joined") })
  .meta({ id: "Joined" });
