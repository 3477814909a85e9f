import { z } from "zod";

/** What the sign-in library's codes mean to a person; its own sentences are for programmers. */
export const REFUSAL_WORDS: Readonly<Record<string, string>> = {
  INVALID_EMAIL_OR_PASSWORD: "The email address or password is wrong.",
  INVALID_PASSWORD: "The password is wrong.",
  INVALID_EMAIL: "Enter an email address such as you@example.com.",
  PASSWORD_TOO_SHORT: "The password is too short.",
  PASSWORD_TOO_LONG: "The password is too long.",
  TOKEN_EXPIRED: "This link has expired. Request a new one.",
  SESSION_EXPIRED: "Sign in again to do this.",
  SESSION_NOT_FRESH: "You signed in more than 15 minutes ago. Sign out and in again first.",
  SESSION_REQUIRED: "Your session has ended. Sign in again.",
  UNAUTHORIZED: "Your session has ended. Sign in again.",
  INVALID_CODE: "The code is wrong or has expired.",
  OTP_HAS_EXPIRED: "The code is wrong or has expired.",
  INVALID_BACKUP_CODE: "The recovery code is wrong or was used before.",
  BACKUP_CODES_NOT_ENABLED: "There are no recovery codes: two-factor is off.",
  INVALID_TWO_FACTOR_COOKIE: "This sign-in has expired. Start again.",
  ACCOUNT_TEMPORARILY_LOCKED: "There were too many wrong codes. Try again in 15 minutes.",
  TOO_MANY_ATTEMPTS_REQUEST_NEW_CODE: "There were too many wrong codes. Sign in again.",
  TWO_FACTOR_NOT_ENABLED: "Two-factor is off.",
  TOTP_NOT_ENABLED: "Two-factor is off. Set it up first.",
  TOTP_ALREADY_ENABLED: "Two-factor is on already.",
  CHALLENGE_NOT_FOUND: "This took too long. Try again.",
  AUTHENTICATION_FAILED: "The passkey was not accepted.",
  AUTH_CANCELLED: "You canceled the passkey. Try again, or sign in another way.",
  REGISTRATION_CANCELLED: "You canceled the new passkey. Nothing was added.",
  PREVIOUSLY_REGISTERED: "This device has a passkey of yours already.",
  PASSKEY_NOT_FOUND: "This passkey does not belong to a sign-in here.",
  FAILED_TO_VERIFY_REGISTRATION: "The passkey could not be added. Try again.",
  YOU_ARE_NOT_ALLOWED_TO_REGISTER_THIS_PASSKEY:
    "The passkey could not be added. Sign in again, then try again.",
  VALIDATION_ERROR: "Something in what you entered is missing or not valid.",
  CREDENTIAL_ACCOUNT_NOT_FOUND: "You have no password yet. Set one with “Forgot your password?”.",
  CROSS_SITE_NAVIGATION_LOGIN_BLOCKED: "This request did not come from a page of this site.",
  INVALID_ORIGIN: "This request did not come from a page of this site.",
  MISSING_OR_NULL_ORIGIN: "This request did not come from a page of this site.",
};

/** Codes of our own refusals, whose sentences are written to be read. */
export const OWN_REFUSALS: readonly string[] = [
  "CODE_USED_BEFORE",
  "EMAIL_ALREADY_VERIFIED",
  "EMAIL_NOT_VERIFIED",
  "INVALID_NAME",
  "INVALID_REDIRECT",
  "INVALID_TOKEN",
  "LAST_FACTOR",
  "NOT_FOUND",
  "PASSWORD_TOO_COMMON",
  "SIGN_UP_CLOSED",
  "SSO_REFUSED",
  "SSO_SESSION",
  "TEXT_TOO_LONG",
  "TOO_BUSY",
  "TOO_MANY_PASSKEYS",
  "TOO_MANY_SIGN_INS",
  "USER_NOT_VERIFIED",
];

const Refusal = z.looseObject({ code: z.string().optional(), message: z.string().optional() });

/** What a refusal says that has no line in the table. */
function wordStatus(status: number): string {
  if (status === 429) return "That was too often. Wait a moment and try again.";
  if (status === 401) return "Your session has ended. Sign in again.";
  if (status >= 500) return "Something went wrong on our side. Try again in a moment.";
  return "This did not work. Check what you entered and try again.";
}

/** Replaces the message of a refusal by the library with a sentence of ours; other answers pass unchanged. */
export async function wordRefusals(answer: Response): Promise<Response> {
  if (answer.status < 400) return answer;
  const text = await answer.text();
  const { data } = Refusal.safeParse(parseJson(text));
  // The API words a failure of ours, and logs this text.
  if (answer.status === 500) return new Response(text, answer);
  const { code = "" } = data ?? {};
  if (OWN_REFUSALS.includes(code) && !(code === "INVALID_TOKEN" && data?.message === "Invalid token"))
    return new Response(text, answer);
  const message =
    code === "INVALID_TOKEN" ? INVALID_LINK : (REFUSAL_WORDS[code] ?? wordStatus(answer.status));
  const headers = new Headers(answer.headers);
  headers.delete("content-length");
  headers.set("content-type", "application/json");
  return new Response(JSON.stringify({ ...data, ...(code && { code }), message }), {
    status: answer.status,
    headers,
  });
}

const INVALID_LINK = "This link is not valid or has expired. Request a new one.";

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}
