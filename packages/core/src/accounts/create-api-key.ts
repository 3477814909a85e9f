import { randomBytes, randomUUID } from "node:crypto";
import type { ApiKeyScope } from "@waxseal/contract";
import type { Transaction } from "@waxseal/db";
import { DAY_MS } from "@waxseal/runtime/time-spans";
import { AppError } from "../app-error.ts";
import type { Context } from "../context.ts";
import { lockAccount } from "../lock-account.ts";
import { recordEvent } from "../record-event.ts";
import { requirePermission } from "../require-permission.ts";
import { hashSecret } from "./hash-secret.ts";
import { type ApiKey, presentApiKey } from "./present-api-key.ts";

const MAX_KEYS = 100;

/**
 * Makes an API key of the account, of scope admin by default. `key` is shown this once; only its hash is stored.
 * @throws AppError `invalid` – bad name; `limit_reached` – the account has 100 keys
 */
export async function createApiKey(
  ctx: Context,
  input: { name: string; scope?: ApiKeyScope | undefined; expiresInDays?: number | undefined },
): Promise<ApiKey & { key: string }> {
  requirePermission(ctx, "apiKeys.manage");
  return insertApiKey(ctx, input);
}

/** The same for a caller who has seen that this person may have a key of this scope. */
export async function insertApiKey(
  ctx: Context,
  input: { name: string; scope?: ApiKeyScope | undefined; expiresInDays?: number | undefined },
): Promise<ApiKey & { key: string }> {
  const name = input.name.trim();
  if (name === "" || name.length > 100) {
    const fields = [{ path: "name", problem: "Enter 1 to 100 characters." }];
    throw new AppError("invalid", "An API key needs a name of 1 to 100 characters.", { fields });
  }
  const key = `wxs_${randomBytes(30).toString("base64url")}`;
  const at = ctx.now();
  return ctx.inTransaction(async (db) => {
    await lockAccount(db, ctx.accountId);
    if ((await db.apikey.count({ where: { referenceId: ctx.accountId } })) >= MAX_KEYS) {
      throw new AppError("limit_reached", `An account has at most ${MAX_KEYS} API keys; delete one first.`, {
        reason: "too_many_objects",
      });
    }
    const row = await db.apikey.create({
      data: {
        id: randomUUID(),
        name,
        prefix: "wxs_",
        start: key.slice(0, 10),
        key: hashSecret(key),
        scope: input.scope ?? "admin",
        referenceId: ctx.accountId,
        rateLimitEnabled: false,
        createdAt: at,
        ...(await findMaker(db, ctx)),
        expiresAt: input.expiresInDays ? new Date(at.getTime() + input.expiresInDays * DAY_MS) : null,
      },
    });
    await recordEvent(db, ctx, "apiKey.created", { name, start: row.start, scope: row.scope });
    return { ...presentApiKey(row), key };
  });
}

/** Returns the person whom a new key belongs to. A key made with another key belongs to that key's maker, and ends with their access. */
async function findMaker(
  db: Transaction,
  { actor }: Context,
): Promise<{ createdById: string | null; createdByName: string }> {
  const parent = actor.kind === "apiKey" ? await db.apikey.findUnique({ where: { id: actor.id } }) : null;
  return {
    createdById: actor.kind === "user" ? actor.id : (parent?.createdById ?? null),
    createdByName: parent?.createdByName ?? actor.name,
  };
}
