import type { PageQuery, SheetListView } from "@waxseal/contract";
import type { InstructionSheet } from "@waxseal/db";
import type { z } from "zod";
import type { Context } from "../context.ts";
import { makePage, pageByTime, placeOfTime } from "../list-page.ts";

type View = z.infer<typeof SheetListView>;

/** The links to instruction sheets that work now, newest first; never the links themselves. @throws AppError `invalid` – the cursor */
export async function listInstructionSheets(ctx: Context, query: PageQuery = {}): Promise<View> {
  const { accountId, db } = ctx;
  const { where, ...order } = pageByTime(query, "createdAt", "desc");
  const rows = await db.instructionSheet.findMany({
    where: { accountId, endedAt: null, expiresAt: { gt: ctx.now() }, ...where },
    ...order,
  });
  const { page, nextCursor } = makePage(rows, query, ({ createdAt, id }) => placeOfTime(createdAt, id));
  const names = await nameSubjects(ctx, page);
  return { items: page.map((row) => presentSheet(row, names)), nextCursor };
}

/** The names of the accounts that sheets are about, by id; of those only that are this one or its customers. */
export async function nameSubjects(
  { accountId, db }: Context,
  rows: readonly InstructionSheet[],
): Promise<Map<string, string>> {
  const ids = [...new Set(rows.flatMap(({ subjectId }) => subjectId ?? []))];
  const accounts = await db.organization.findMany({
    where: { id: { in: ids }, OR: [{ id: accountId }, { parentId: accountId }] },
  });
  return new Map(accounts.map(({ id, name }) => [id, name]));
}

/** A link as its account sees it. */
export function presentSheet(
  row: InstructionSheet,
  names: ReadonlyMap<string, string>,
): View["items"][number] {
  return {
    id: row.id,
    subject: names.get(row.subjectId ?? "") ?? null,
    chosenDomains: row.domainIds.length,
    only: row.missingOnly ? "missing" : "all",
    mailedTo: row.mailedTo,
    createdAt: row.createdAt.toISOString(),
    createdBy: row.createdBy,
    expiresAt: row.expiresAt.toISOString(),
  };
}
