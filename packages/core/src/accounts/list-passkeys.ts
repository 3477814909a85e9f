import type { PageQuery, PasskeyListView } from "@waxseal/contract";
import type { z } from "zod";
import type { Context } from "../context.ts";
import { pageOf } from "../list-page.ts";

/** The user's passkeys, the oldest first. An API key has none. */
export async function listPasskeys(
  ctx: Context,
  query: PageQuery = {},
): Promise<z.infer<typeof PasskeyListView>> {
  const { actor, db } = ctx;
  const orderBy = [{ createdAt: "asc" as const }, { id: "asc" as const }];
  const rows =
    actor.kind === "user" ? await db.passkey.findMany({ where: { userId: actor.id }, orderBy }) : [];
  const items = rows.map(({ id, name, createdAt, backedUp }) => ({
    id,
    name: name || "Passkey",
    createdAt: createdAt?.toISOString() ?? null,
    isSynced: backedUp,
  }));
  return pageOf({ items }, query, ({ id }) => id);
}
