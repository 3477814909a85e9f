import { z } from "zod";

/** The longest a report may be kept, in days: ten years. */
export const MAX_RETENTION_DAYS = 3_650;

const days = z.int().max(MAX_RETENTION_DAYS);

/** `PUT /account/retention`: how long reports are kept. */
export const RetentionBody = z
  .object({
    rawDays: days.min(7).describe("The messages as they arrived, and the quarantine"),
    dailyDays: days.min(30).describe("Reports that were understood, and the figures made of them"),
  })
  .meta({ id: "NewRetention" });

/** `GET /account/retention` */
export const RetentionView = RetentionBody.extend({
  isDefault: z.boolean().describe("Nothing else was chosen"),
}).meta({ id: "Retention" });
