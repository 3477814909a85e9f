import type { PasskeyListView } from "@waxseal/contract";
import type { z } from "zod";
import type { Context } from "../context.ts";

/** The user's passkeys, the oldest first. An API key has none. */
export async function listPasskeys(ctx: Context): Promise<z.infer<typeof PasskeyListView>> {
  if (ctx.actor.kind !== "user") return { items: [] };
  const rows = await ctx.db.passkey.findMany({
    where: { userId: ctx.actor.id },
    orderBy: [{ createdAt: "asc" }, { id: "asc" }],
  });
  return {
    items: rows.map(({ id, name, createdAt, backedUp }) => ({
      id,
      name: name || "Passkey",
      createdAt: createdAt?.toISOString() ?? null,
      isSynced: backedUp,
    })),
  };
}
