import { z } from "zod";
import { ROLES } from "./permissions.ts";

const RoleName = z.enum(ROLES);

/** `GET /members` */
export const MemberListView = z
  .object({
    items: z.array(
      z.object({
        id: z.string(),
        name: z.string(),
        email: z.string(),
        role: RoleName,
        hasTwoFactor: z.boolean().describe("Asked for a code of an authenticator app"),
        hasPasskey: z.boolean(),
      }),
    ),
  })
  .meta({ id: "MemberList" });

/** `PUT /members/:id` */
export const MemberBody = z.object({ role: RoleName }).meta({ id: "MemberRole" });

/** `POST /invitations` */
export const InvitationBody = z
  .object({ email: z.email().max(254), role: RoleName.default("viewer") })
  .meta({ id: "NewInvitation" });

/** An invitation that waits for its answer. */
export const InvitationView = z
  .object({
    id: z.string(),
    email: z.string(),
    role: RoleName,
    createdAt: z.iso.datetime(),
    expiresAt: z.iso.datetime(),
  })
  .meta({ id: "Invitation" });

/** `GET /invitations` */
export const InvitationListView = z.object({ items: z.array(InvitationView) }).meta({ id: "InvitationList" });
