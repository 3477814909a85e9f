import { API_KEY_SCOPES } from "@waxseal/contract";
import type { Transaction } from "@waxseal/db";
import { z } from "zod";
import { AppError } from "../app-error.ts";
import { hashSecret } from "./hash-secret.ts";

/** How long a login of a device waits for the person. */
export const DEVICE_LOGIN_SECONDS = 600;

/** Consonants that are not taken for each other or for digits, so that no word arises. RFC 8628 §6.1 */
export const USER_CODE_LETTERS = "BCDFGHJKLMNPQRSTVWXZ";

/** What is kept of a login that waits; both codes only as hashes. */
export const PendingDeviceLogin = z.object({
  client: z.string(),
  scope: z.enum(API_KEY_SCOPES),
  address: z.string(),
  intervalSeconds: z.int(),
  /** When the device last asked, in ms. */
  polledAt: z.int().nullable(),
  answer: z
    .discriminatedUnion("kind", [
      z.object({ kind: z.literal("refused") }),
      z.object({
        kind: z.literal("allowed"),
        accountId: z.string(),
        userId: z.string(),
        userName: z.string(),
        scope: z.enum(API_KEY_SCOPES),
      }),
    ])
    .nullable(),
});
/** One of these. */
export type PendingDeviceLogin = z.infer<typeof PendingDeviceLogin>;

/** The key of a row by the device's own secret. */
export const deviceRowId = (deviceCode: string) => `device-login ${hashSecret(deviceCode)}`;

/** A code as it is shown, however it was typed. */
export function formatUserCode(typed: string): string {
  const letters = typed.toUpperCase().replaceAll(/[^A-Z]/g, "");
  return `${letters.slice(0, 4)}-${letters.slice(4)}`;
}

/** The code as it is stored. */
export const userCodeIdentifier = (userCode: string) =>
  `device-login-code ${hashSecret(formatUserCode(userCode))}`;

/** The login with that code, locked until the transaction ends. @throws AppError `not_found` – there is none, or it has expired */
export async function lockDeviceLogin(db: Transaction, userCode: string, now: Date) {
  const identifier = userCodeIdentifier(userCode);
  await db.$queryRaw`select 1 from verification where identifier = ${identifier} for update`;
  const rows = await db.verification.findMany({ where: { identifier, expiresAt: { gt: now } }, take: 2 });
  const [row] = rows;
  // Two devices with one code: which of them is meant is not known.
  if (!row || rows.length > 1)
    throw new AppError(
      "not_found",
      "This code is wrong or has expired. Compare it with the one in your terminal, or start the login there again.",
      { reason: "expired_token" },
    );
  return { row, login: PendingDeviceLogin.parse(JSON.parse(row.value)) };
}
