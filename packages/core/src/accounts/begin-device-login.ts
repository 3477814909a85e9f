import { randomBytes, randomInt } from "node:crypto";
import type { ApiKeyScope, DeviceLoginStartView } from "@waxseal/contract";
import type { z } from "zod";
import { AppError } from "../app-error.ts";
import type { ContextSource } from "../context.ts";
import { takeAllowance } from "../limits/take-allowance.ts";
import {
  DEVICE_LOGIN_SECONDS,
  deviceRowId,
  type PendingDeviceLogin,
  USER_CODE_LETTERS,
  userCodeIdentifier,
} from "./device-login-row.ts";

const INTERVAL_SECONDS = 5;
/** Limit on logins begun from all networks together. It keeps few codes open, so that guessing one of 20^8 is hopeless. */
const BEGINNINGS = { burst: 600, refillSeconds: 1 };
const BEGINNINGS_OF_NETWORK = { burst: 10, refillSeconds: 30 };

/**
 * Begins the login of a program on a machine: it gets a secret to ask with, and a code that a signed-in person allows or refuses.
 * @throws AppError `limit_reached` – too many of this network, or of all
 *
 * RFC 8628 §3.1, §3.2
 */
export async function beginDeviceLogin(
  source: ContextSource,
  input: { client: string; scope: ApiKeyScope; address: string; network: string },
  { publicUrl }: { publicUrl: string },
): Promise<z.infer<typeof DeviceLoginStartView>> {
  const { client, scope, address, network } = input;
  const { db } = source;
  if (
    !(await takeAllowance(db, `device-login:${network}`, BEGINNINGS_OF_NETWORK)) ||
    !(await takeAllowance(db, "device-login", BEGINNINGS))
  )
    throw new AppError("limit_reached", "Too many logins were begun. Try again in a few minutes.", {
      reason: "too_often",
    });
  const deviceCode = randomBytes(32).toString("base64url");
  const letters = Array.from({ length: 8 }, () => USER_CODE_LETTERS[randomInt(USER_CODE_LETTERS.length)]);
  const userCode = `${letters.slice(0, 4).join("")}-${letters.slice(4).join("")}`;
  const login: PendingDeviceLogin = {
    ...{ client: client.replaceAll(/\p{C}/gu, " "), scope, address },
    ...{ intervalSeconds: INTERVAL_SECONDS, polledAt: null, answer: null },
  };
  await db.verification.create({
    data: {
      id: deviceRowId(deviceCode),
      identifier: userCodeIdentifier(userCode),
      value: JSON.stringify(login),
      expiresAt: new Date(source.now().getTime() + DEVICE_LOGIN_SECONDS * 1_000),
    },
  });
  const verificationUri = `${publicUrl}/device`;
  return {
    deviceCode,
    userCode,
    verificationUri,
    verificationUriComplete: `${verificationUri}?code=${userCode}`,
    expiresInSeconds: DEVICE_LOGIN_SECONDS,
    intervalSeconds: INTERVAL_SECONDS,
  };
}
