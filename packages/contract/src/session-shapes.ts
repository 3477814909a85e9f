import { z } from "zod";
import { pageAnswer } from "./page-shapes.ts";
import { SIGN_IN_METHODS } from "./sso-shapes.ts";

/** `GET /me/sessions`: where one is signed in, the newest first. */
export const SessionListView = z
  .object({
    ...pageAnswer,
    items: z.array(
      z.object({
        id: z.string(),
        signedInAt: z.iso.datetime(),
        lastSeenAt: z.iso.datetime().describe("To the day"),
        expiresAt: z.iso.datetime(),
        address: z.string().nullable(),
        device: z.string().nullable().describe("Browser and system, as far as the browser says"),
        by: z.enum(SIGN_IN_METHODS),
        isThisOne: z.boolean(),
      }),
    ),
  })
  .meta({ id: "SessionList" });
