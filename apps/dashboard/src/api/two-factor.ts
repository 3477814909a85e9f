import { api } from "./client.ts";
import { inAccount, type Scope } from "./in-account.ts";

/** What an authenticator app is given, and the codes to keep for the day it is lost. */
export type TwoFactorStart = { totpURI: string; backupCodes: string[] };

/** Only users without a password may leave it out. */
export function beginTwoFactor(password: string) {
  return api.auth<TwoFactorStart>("/two-factor/enable", password ? { password } : {});
}

/** Proves the app by a code: while setting up, and while signing in. */
export function sendAppCode(code: string) {
  return api.auth("/two-factor/verify-totp", { code });
}

export function sendRecoveryCode(code: string) {
  return api.auth("/two-factor/verify-backup-code", { code });
}

/** New recovery codes in place of all earlier ones. */
export function renewRecoveryCodes(password: string) {
  return api.auth<{ backupCodes: string[] }>(
    "/two-factor/generate-backup-codes",
    password ? { password } : {},
  );
}

/** Lets a member who lost their app sign in without it, a day later. */
export function resetMemberTwoFactor(id: string, scope: Scope) {
  return inAccount(scope).post(`/members/${encodeURIComponent(id)}/two-factor-reset`);
}

export function turnOffTwoFactor(password: string) {
  return api.auth("/two-factor/disable", password ? { password } : {});
}

export function setTwoFactorRule(required: boolean, scope: Scope) {
  return inAccount(scope).put<void>("/account/two-factor", { required });
}
