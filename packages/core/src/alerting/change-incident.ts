import type { IncidentDetailView, IncidentNoteBody, SnoozeBody } from "@waxseal/contract";
import type { Prisma } from "@waxseal/db";
import { DAY_MS } from "@waxseal/runtime/time-spans";
import type { z } from "zod";
import { AppError } from "../app-error.ts";
import type { Context } from "../context.ts";
import { recordEvent } from "../record-event.ts";
import { requirePermission } from "../require-permission.ts";
import { getIncident } from "./list-incidents.ts";

type Detail = z.infer<typeof IncidentDetailView>;
type Named = { incidentId: string };

const MAX_SNOOZE_MS = 30 * DAY_MS;

/** Notes that a person looks after an incident: no more reminders about it. Twice is once. @throws AppError `forbidden`, `not_found` */
export async function acknowledgeIncident(ctx: Context, { incidentId }: Named): Promise<Detail> {
  requirePermission(ctx, "alerts.acknowledge");
  const { acknowledgedAt } = await getIncident(ctx, { incidentId });
  const data = { acknowledgedAt: ctx.now(), acknowledgedBy: ctx.actor.name };
  return change(ctx, incidentId, acknowledgedAt ? {} : data, "acknowledged");
}

/**
 * Holds back reminders and further domains of an incident until an instant; a rise in severity and the end are still sent.
 * @throws AppError `forbidden`, `not_found`; `invalid` – in the past, or more than 30 days ahead
 */
export async function snoozeIncident(
  ctx: Context,
  { incidentId, until }: Named & z.infer<typeof SnoozeBody>,
): Promise<Detail> {
  requirePermission(ctx, "alerts.acknowledge");
  const snoozedUntil = until === null ? null : new Date(until);
  const aheadMs = snoozedUntil ? snoozedUntil.getTime() - ctx.now().getTime() : 0;
  if (snoozedUntil && (aheadMs <= 0 || aheadMs > MAX_SNOOZE_MS)) {
    const fields = [{ path: "until", problem: "must be within the next 30 days" }];
    throw new AppError("invalid", "Select a time within the next 30 days.", { fields });
  }
  return change(ctx, incidentId, { snoozedUntil }, snoozedUntil ? "snoozed" : "unsnoozed");
}

/** Keeps a note that goes along with later messages, or that the messages were not useful. @throws AppError `forbidden`, `not_found` */
export async function noteIncident(
  ctx: Context,
  { incidentId, note, isNotUseful }: Named & z.infer<typeof IncidentNoteBody>,
): Promise<Detail> {
  const data = {
    ...(note !== undefined && { note: note === "" ? null : note }),
    ...(isNotUseful !== undefined && { notUsefulAt: isNotUseful ? ctx.now() : null }),
  };
  return change(ctx, incidentId, data, "noted");
}

async function change(
  ctx: Context,
  incidentId: string,
  data: Prisma.IncidentUpdateManyMutationInput,
  what: string,
): Promise<Detail> {
  requirePermission(ctx, "alerts.acknowledge");
  await ctx.inTransaction(async (tx) => {
    const where = { accountId: ctx.accountId, id: incidentId };
    const { count } = await tx.incident.updateMany({ where, data });
    if (count === 0) throw new AppError("not_found", "There is no such alert.");
    if (Object.keys(data).length > 0) await recordEvent(tx, ctx, "incident.changed", { incidentId, what });
  });
  return getIncident(ctx, { incidentId });
}
