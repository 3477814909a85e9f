import { readSignInMethod, type SessionListView } from "@waxseal/contract";
import type { Prisma } from "@waxseal/db";
import type { z } from "zod";
import type { Context } from "../context.ts";
import { describeDevice } from "./describe-device.ts";
import { withinReach } from "./end-session.ts";
import { ssoSessionEndsAt } from "./sso-session-life.ts";

type EndingSession = Pick<Prisma.SessionGetPayload<object>, "ssoAccountId" | "createdAt" | "expiresAt">;

/** More are not listed; signing out of all others ends them too. */
const LIMIT = 100;

/**
 * Where the user is signed in, the newest first, in whatever account; from a session of single sign-on only those of the same. An API key has
 * no session.
 */
export async function listSessions(
  ctx: Context,
  input: { sessionId: string | undefined; ssoAccountId: string | null | undefined },
): Promise<z.infer<typeof SessionListView>> {
  if (ctx.actor.kind !== "user") return { items: [] };
  const rows = await ctx.db.session.findMany({
    where: { ...withinReach(ctx, input), expiresAt: { gt: ctx.now() } },
    orderBy: [{ createdAt: "desc" }, { id: "asc" }],
    take: LIMIT,
  });
  return {
    items: rows
      .filter((row) => endsAt(row) > ctx.now())
      .map((row) => ({
        id: row.id,
        signedInAt: row.createdAt.toISOString(),
        lastSeenAt: row.updatedAt.toISOString(),
        expiresAt: endsAt(row).toISOString(),
        address: row.ipAddress || null,
        device: describeDevice(row.userAgent),
        by: readSignInMethod(row.signedInBy),
        isThisOne: row.id === input.sessionId,
      })),
  };
}

function endsAt({ ssoAccountId, createdAt, expiresAt }: EndingSession): Date {
  return ssoAccountId === null ? expiresAt : ssoSessionEndsAt(createdAt);
}
