import { z } from "zod";
import { pageAnswer } from "./page-shapes.ts";

/** `GET /me/passkeys`: one's own, the oldest first. */
export const PasskeyListView = z
  .object({
    ...pageAnswer,
    items: z.array(
      z.object({
        id: z.string(),
        name: z.string(),
        createdAt: z.iso.datetime().nullable(),
        isSynced: z.boolean().describe("Kept by a password manager; false: by one device or key only"),
      }),
    ),
  })
  .meta({ id: "PasskeyList" });

/** `PUT /me/passkeys/:id` */
export const PasskeyBody = z.object({ name: z.string().trim().min(1).max(60) }).meta({ id: "PasskeyName" });
