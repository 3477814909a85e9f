import { type PageQuery, readSignInMethod, type SessionListView } from "@waxseal/contract";
import type { Prisma } from "@waxseal/db";
import type { z } from "zod";
import type { Context } from "../context.ts";
import { makePage, pageByTime, placeOfTime } from "../list-page.ts";
import { describeDevice } from "./describe-device.ts";
import { withinReach } from "./end-session.ts";
import { ssoSessionEndsAt } from "./sso-session-life.ts";

type EndingSession = Pick<Prisma.SessionGetPayload<object>, "ssoAccountId" | "createdAt" | "expiresAt">;

/**
 * Lists the user's sessions in all accounts, newest first. A single sign-on session sees only the sessions of the same sign-on. An API key has
 * none.
 */
export async function listSessions(
  ctx: Context,
  {
    cursor,
    limit,
    ...input
  }: PageQuery & { sessionId: string | undefined; ssoAccountId: string | null | undefined },
): Promise<z.infer<typeof SessionListView>> {
  const query = { cursor, limit };
  const { where, ...order } = pageByTime(query, "createdAt", "desc", "any");
  if (ctx.actor.kind !== "user") return { items: [], nextCursor: null };
  const rows = await ctx.db.session.findMany({
    where: { AND: [withinReach(ctx, input), where], expiresAt: { gt: ctx.now() } },
    ...order,
  });
  const { page, nextCursor } = makePage(rows, query, ({ createdAt, id }) => placeOfTime(createdAt, id));
  return {
    nextCursor,
    items: page
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
