import { type ApiKeyScope, actionsOf, type DeviceLoginView } from "@waxseal/contract";
import type { z } from "zod";
import { AppError } from "../app-error.ts";
import type { Context } from "../context.ts";
import { takeAllowance } from "../limits/take-allowance.ts";
import { requirePermission } from "../require-permission.ts";
import { formatUserCode, lockDeviceLogin } from "./device-login-row.ts";

/** Codes that a person may look at: typing mistakes, but no guessing. RFC 8628 §5.1 */
const LOOKS = { burst: 20, refillSeconds: 60 };

/**
 * The login that a person is asked about, by its code.
 * @throws AppError `not_found` – no such code, or expired; `limit_reached` – many were tried; `conflict` – asked by an API key
 */
export async function getDeviceLogin(
  ctx: Context,
  { userCode }: { userCode: string },
): Promise<z.infer<typeof DeviceLoginView>> {
  await takeLook(ctx);
  return ctx.inTransaction(async (db) => {
    const { row, login } = await lockDeviceLogin(db, userCode, ctx.now());
    if (login.answer) throw answered();
    const { client, scope, address } = login;
    const askedAt = row.createdAt.toISOString();
    return {
      userCode: formatUserCode(userCode),
      client,
      scope,
      address,
      askedAt,
      expiresAt: row.expiresAt.toISOString(),
    };
  });
}

/**
 * Allows a program to work in this account with an API key of the given scope, or refuses it. The key belongs to the person who allows it
 * and ends with their role; so every member may allow what they may do themselves.
 * @throws AppError `forbidden` – the scope allows more than the role of the person; `not_found`; `conflict` – answered already, or asked by an API key
 *
 * RFC 8628 §3.3
 */
export async function answerDeviceLogin(
  ctx: Context,
  input: { userCode: string; allowedScope: ApiKeyScope | undefined },
): Promise<void> {
  const { userCode, allowedScope: scope } = input;
  if (scope !== undefined) for (const action of actionsOf(scope)) requirePermission(ctx, action);
  await takeLook(ctx);
  const { actor, accountId } = ctx;
  const answer =
    scope === undefined
      ? { kind: "refused" }
      : {
          kind: "allowed",
          accountId,
          userId: actor.kind === "user" ? actor.id : "",
          userName: actor.name,
          scope,
        };
  await ctx.inTransaction(async (db) => {
    const { row, login } = await lockDeviceLogin(db, userCode, ctx.now());
    if (login.answer) throw answered();
    await db.verification.update({
      where: { id: row.id },
      data: { value: JSON.stringify({ ...login, answer }) },
    });
  });
}

async function takeLook({ actor, db }: Context): Promise<void> {
  if (actor.kind !== "user")
    throw new AppError("conflict", "An API key is not a person. Sign in to do this.", {
      reason: "not_a_person",
    });
  if (!(await takeAllowance(db, `device-code:${actor.id}`, LOOKS)))
    throw new AppError("limit_reached", "Too many codes were tried. Try again in a few minutes.", {
      reason: "too_often",
    });
}

function answered(): AppError {
  return new AppError("conflict", "This login was answered already.", { reason: "login_answered" });
}
