import type { PolicyEdit, PolicyLineAssessment } from "@waxseal/contract";
import type { Domain, Transaction } from "@waxseal/db";
import { Prisma } from "@waxseal/db";
import type { Policy } from "@waxseal/mta-sts";
import { DAY_MS } from "@waxseal/runtime/time-spans";
import type { z } from "zod";
import { AppError } from "../app-error.ts";
import type { Context } from "../context.ts";
import { readDeletionTime } from "../operating/read-deletion-time.ts";
import { recordEvent } from "../record-event.ts";
import { planWaves } from "./plan-waves.ts";

/** What a change means for one domain. */
export type NewLine = {
  domain: Pick<Domain, "accountId" | "id" | "domain">;
  /** The newest version: another one since then is not overwritten. */
  fromVersion: number | null;
  state: "waiting" | "unchanged" | "refused";
  reason: string | null;
  before: Policy | null;
  after: Policy | null;
  assessment: z.infer<typeof PolicyLineAssessment> | null;
};

type NewChange = { edit: z.infer<typeof PolicyEdit>; lines: readonly NewLine[]; revertsId?: string };

const MAX_OPEN = 50;
const FORGOTTEN_AFTER_MS = 400 * DAY_MS;

/**
 * Stores a change to many policies with its lines, in the order given, in the caller's transaction and with the account locked. Returns its id.
 * @throws AppError `limit_reached` – 50 changes wait
 */
export async function insertPolicyChange(
  db: Transaction,
  ctx: Context,
  { edit, lines, revertsId }: NewChange,
): Promise<string> {
  const { accountId } = ctx;
  if ((await db.policyChange.count({ where: { accountId, endedAt: null } })) >= MAX_OPEN) {
    throw new AppError("limit_reached", `${MAX_OPEN} changes wait to be applied. Apply or stop some first.`, {
      reason: "too_many_objects",
    });
  }
  const createdAt = ctx.now();
  await forgetOld(db, accountId, createdAt);
  const waiting = lines.filter(({ state }) => state === "waiting").length;
  const endedAt = waiting === 0 ? createdAt : null;
  const createdBy = ctx.actor.name;
  const change = await db.policyChange.create({
    data: { accountId, edit, createdAt, createdBy, endedAt, revertsId: revertsId ?? null },
  });
  const waves = planWaves(lines.filter(beginsToEnforce).length).values();
  await db.policyChangeLine.createMany({
    data: lines.map((line, place) => ({
      accountId,
      changeId: change.id,
      place,
      ownerId: line.domain.accountId,
      domainId: line.domain.id,
      domain: line.domain.domain,
      state: line.state,
      reason: line.reason,
      fromVersion: line.fromVersion,
      before: line.before ?? Prisma.DbNull,
      after: line.after ?? Prisma.DbNull,
      assessment: line.assessment ?? Prisma.DbNull,
      wave: beginsToEnforce(line) ? (waves.next().value ?? 0) : 0,
    })),
  });
  await recordEvent(db, ctx, "policyChange.prepared", {
    changeId: change.id,
    edit,
    summary: describeEdit(edit),
    domains: lines.length,
    waiting,
    ...(revertsId !== undefined && { revertsId }),
  });
  return change.id;
}

function beginsToEnforce({ state, before, after }: NewLine): boolean {
  return state === "waiting" && after?.mode === "enforce" && before?.mode !== "enforce";
}

/** What was applied stays in the audit log. */
async function forgetOld(db: Transaction, accountId: string, now: Date): Promise<void> {
  const lt = new Date((await readDeletionTime(db, now)).getTime() - FORGOTTEN_AFTER_MS);
  const old = await db.policyChange.findMany({ where: { accountId, endedAt: { lt } }, take: 100 });
  const ids = old.map(({ id }) => id);
  await db.policyChangeLine.deleteMany({ where: { accountId, changeId: { in: ids } } });
  await db.policyChange.deleteMany({ where: { accountId, id: { in: ids } } });
}

function describeEdit({ mode, maxAgeSeconds, addMx, removeMx }: z.infer<typeof PolicyEdit>): string {
  return [
    mode && `mode ${mode}`,
    maxAgeSeconds !== undefined && `max_age ${maxAgeSeconds}`,
    addMx.length > 0 && `with ${addMx.join(", ")}`,
    removeMx.length > 0 && `without ${removeMx.join(", ")}`,
  ]
    .filter(Boolean)
    .join("; ");
}
