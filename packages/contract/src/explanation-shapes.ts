import { z } from "zod";
import { AlertSeverity } from "./alert-shapes.ts";
import { pageAnswer } from "./page-shapes.ts";

/** open: an alert; pending: seen, but not often enough yet; clear: looked at and well; unknown: could not be looked at; off: does not apply now. */
export const WatchState = z.enum(["open", "pending", "clear", "unknown", "off"]);
/** One of the states of something that is watched. */
export type WatchState = z.infer<typeof WatchState>;

/** `GET /domains/:id/conditions`: for everything that is watched, what was looked at, the threshold, and why it is or is not an alert. */
export const AlertExplanationView = z
  .object({
    domain: z.string(),
    ...pageAnswer,
    items: z.array(
      z.object({
        condition: z.string().describe("Its code; the list may grow"),
        title: z.string(),
        state: WatchState,
        severity: AlertSeverity.nullable().describe("Of an alert that is open or pending"),
        subject: z.string().nullable().describe("The host, record or cause that it is about"),
        lookedAt: z.iso.datetime().nullable(),
        looked: z.string().describe("What was looked at, with what was found"),
        threshold: z.string().describe("When it becomes an alert, and when that ends"),
        why: z.string().describe("Why it is or is not an alert now"),
      }),
    ),
  })
  .meta({ id: "AlertExplanation" });
