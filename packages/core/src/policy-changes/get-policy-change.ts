import {
  type PageQuery,
  type PolicyChangeListView,
  type PolicyChangeView,
  PolicyEdit,
  PolicyLineAssessment,
  type PolicyLineListView,
  type PolicyLineQuery,
  PolicyLineState,
} from "@waxseal/contract";
import type { PolicyChange } from "@waxseal/db";
import { z } from "zod";
import { AppError } from "../app-error.ts";
import type { Context } from "../context.ts";
import { openCursor, sealCursor } from "../list-cursor.ts";
import { makePage, pageByTime, placeOfTime } from "../list-page.ts";

type View = z.infer<typeof PolicyChangeView>;
type State = z.infer<typeof PolicyLineState>;

const StoredPolicy = z.object({
  mode: z.enum(["enforce", "testing", "none"]),
  mx: z.array(z.string()),
  maxAgeSeconds: z.number(),
});

/** How far a change to many policies is. @throws AppError `not_found` – no such change in this account */
export async function getPolicyChange(ctx: Context, { changeId }: { changeId: string }): Promise<View> {
  const key = { accountId: ctx.accountId, id: changeId };
  const row = await ctx.db.policyChange.findUnique({ where: { accountId_id: key } });
  if (!row) throw new AppError("not_found", "There is no such change.");
  const [view] = await presentChanges(ctx, [row]);
  if (!view) throw new AppError("not_found", "There is no such change.");
  return view;
}

/** The changes to many policies, newest first. @throws AppError `invalid` – the cursor */
export async function listPolicyChanges(
  ctx: Context,
  query: PageQuery = {},
): Promise<z.infer<typeof PolicyChangeListView>> {
  const { where, ...order } = pageByTime(query, "createdAt", "desc");
  const rows = await ctx.db.policyChange.findMany({
    where: { accountId: ctx.accountId, ...where },
    ...order,
  });
  const { page, nextCursor } = makePage(rows, query, ({ createdAt, id }) => placeOfTime(createdAt, id));
  return { items: await presentChanges(ctx, page), nextCursor };
}

/** What a change does to each domain. @throws AppError `not_found` – no such change in this account */
export async function listPolicyLines(
  ctx: Context,
  { changeId, ...query }: { changeId: string } & z.infer<typeof PolicyLineQuery>,
): Promise<z.infer<typeof PolicyLineListView>> {
  const { accountId, db } = ctx;
  const [, after] = query.cursor === undefined ? [] : openCursor(query.cursor, /^p(\d{1,9})$/);
  await getPolicyChange(ctx, { changeId });
  const rows = await db.policyChangeLine.findMany({
    where: {
      accountId,
      changeId,
      place: { gt: Number(after ?? -1) },
      ...(query.state && { state: query.state }),
    },
    orderBy: { place: "asc" },
    take: query.limit + 1,
  });
  const { page, nextCursor } = makePage(rows, query, ({ place }) => sealCursor(`p${place}`));
  const ownerIds = [...new Set(page.map(({ ownerId }) => ownerId))].filter((id) => id !== accountId);
  const owners = await db.organization.findMany({ where: { id: { in: ownerIds }, parentId: accountId } });
  const names = new Map(owners.map(({ id, name }) => [id, name]));
  return {
    items: page.map((row) => ({
      place: row.place,
      domainId: row.domainId,
      domain: row.domain,
      customer: row.ownerId === accountId ? null : (names.get(row.ownerId) ?? "A former customer"),
      state: PolicyLineState.parse(row.state),
      reason: row.reason,
      before: StoredPolicy.nullable().parse(row.before),
      after: StoredPolicy.nullable().parse(row.after),
      version: row.version,
      wave: row.wave,
      assessment: PolicyLineAssessment.nullable().parse(row.assessment),
    })),
    nextCursor,
  };
}

async function presentChanges({ accountId, db }: Context, rows: readonly PolicyChange[]): Promise<View[]> {
  const groups = await db.policyChangeLine.groupBy({
    by: ["changeId", "state"],
    where: { accountId, changeId: { in: rows.map(({ id }) => id) } },
    _count: true,
  });
  const waves = await db.policyChangeLine.groupBy({
    by: ["changeId"],
    where: { accountId, changeId: { in: rows.map(({ id }) => id) }, state: { not: "refused" } },
    _max: { wave: true },
    _count: { assessment: true },
  });
  return rows.map((row) => {
    const { _max, _count } = waves.find(({ changeId }) => changeId === row.id) ?? {};
    const own = groups.filter(({ changeId }) => changeId === row.id);
    const count = (state: State) => own.find((group) => group.state === state)?._count ?? 0;
    return {
      id: row.id,
      edit: PolicyEdit.parse(row.edit),
      createdAt: row.createdAt.toISOString(),
      createdBy: row.createdBy,
      endedAt: row.endedAt?.toISOString() ?? null,
      domains: own.reduce((sum, { _count }) => sum + _count, 0),
      waiting: count("waiting"),
      applied: count("applied"),
      unchanged: count("unchanged"),
      refused: count("refused"),
      stopped: count("stopped"),
      enforcing: _count?.assessment ?? 0,
      wave: row.wave,
      waves: (_max?.wave ?? 0) + 1,
      nextWaveAt: row.nextWaveAt?.toISOString() ?? null,
      goesOn: row.goesOn,
      haltReason: row.haltReason,
      revertsId: row.revertsId,
    };
  });
}
