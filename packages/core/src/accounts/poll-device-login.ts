import { type ApiKeyScope, coversScope, type DeviceKeyView } from "@waxseal/contract";
import type { z } from "zod";
import { AppError } from "../app-error.ts";
import { type ContextSource, createContext } from "../context.ts";
import { insertApiKey } from "./create-api-key.ts";
import { deviceRowId, PendingDeviceLogin } from "./device-login-row.ts";
import { findUserAccess } from "./find-access.ts";

const SLOWER_SECONDS = 5;

/**
 * Answers a device that asks whether its login was allowed. The first answer after that creates the API key for the person who allowed it,
 * returns it once and ends the login.
 *
 * @throws AppError `conflict` authorization_pending; `limit_reached` slow_down – it asks too often; `forbidden` access_denied – refused, or
 * the person may no longer do it; `not_found` expired_token – expired, finished or never begun
 *
 * RFC 8628 §3.4, §3.5
 */
export async function pollDeviceLogin(
  source: ContextSource,
  { deviceCode }: { deviceCode: string },
): Promise<z.infer<typeof DeviceKeyView>> {
  const id = deviceRowId(deviceCode);
  const state = await source.db.$transaction(async (db) => {
    await db.$queryRaw`select 1 from verification where id = ${id} for update`;
    const row = await db.verification.findFirst({ where: { id, expiresAt: { gt: source.now() } } });
    if (!row) return { kind: "expired" } as const;
    const login = PendingDeviceLogin.parse(JSON.parse(row.value));
    const nowMs = source.now().getTime();
    if (login.answer) {
      await db.verification.delete({ where: { id } });
      return { ...login.answer, client: login.client };
    }
    const isEarly = login.polledAt !== null && nowMs - login.polledAt < login.intervalSeconds * 1_000;
    const intervalSeconds = login.intervalSeconds + (isEarly ? SLOWER_SECONDS : 0);
    const value = JSON.stringify({ ...login, polledAt: nowMs, intervalSeconds });
    await db.verification.update({ where: { id }, data: { value } });
    return isEarly ? ({ kind: "early" } as const) : ({ kind: "pending" } as const);
  });
  if (state.kind === "expired")
    throw new AppError("not_found", "This login has expired. Start it again.", { reason: "expired_token" });
  if (state.kind === "early")
    throw new AppError("limit_reached", "Ask five seconds less often.", { reason: "slow_down" });
  if (state.kind === "pending")
    throw new AppError("conflict", "The person has not decided yet.", { reason: "authorization_pending" });
  if (state.kind === "refused") throw denied("The login was refused in the browser.");
  return makeKey(source, state);
}

type Allowed = { accountId: string; userId: string; userName: string; scope: ApiKeyScope; client: string };

async function makeKey(
  source: ContextSource,
  { accountId, userId, userName, scope, client }: Allowed,
): Promise<z.infer<typeof DeviceKeyView>> {
  const access = await findUserAccess(source.db, userId, accountId);
  const account = await source.db.organization.findUnique({ where: { id: accountId } });
  if (!access || !account) throw denied(`${userName} no longer belongs to the account.`);
  if (!coversScope(access.role, scope)) throw denied(`${userName} may no longer do all that was allowed.`);
  const ctx = createContext(source, accountId, { kind: "user", id: userId, name: userName }, access.role);
  const { key } = await insertApiKey(ctx, { name: client, scope });
  return { key, scope, account: { id: account.id, name: account.name } };
}

function denied(text: string): AppError {
  return new AppError("forbidden", text, { reason: "access_denied" });
}
