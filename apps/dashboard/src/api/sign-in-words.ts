/** What the sign-in library's codes mean, in words; its own sentences are for programmers. */
const WORDS: Readonly<Record<string, string>> = {
  INVALID_EMAIL_OR_PASSWORD: "The email address or password is wrong.",
  INVALID_PASSWORD: "The password is wrong.",
  INVALID_EMAIL: "Enter an email address such as you@example.com.",
  EMAIL_NOT_VERIFIED: "Confirm your email address first. We have sent you a new link.",
  PASSWORD_TOO_SHORT: "The password is too short.",
  PASSWORD_TOO_LONG: "The password is too long.",
  INVALID_TOKEN: "This link is not valid or has expired. Request a new one.",
  TOKEN_EXPIRED: "This link has expired. Request a new one.",
  SESSION_EXPIRED: "Sign in again to do this.",
  SESSION_NOT_FRESH: "Sign in again to do this.",
  INVALID_CODE: "The code is wrong or has expired.",
  INVALID_BACKUP_CODE: "The recovery code is wrong or was used before.",
  INVALID_TWO_FACTOR_COOKIE: "This sign-in has expired. Start again.",
  ACCOUNT_TEMPORARILY_LOCKED: "There were too many wrong codes. Try again in 15 minutes.",
  TOO_MANY_ATTEMPTS_REQUEST_NEW_CODE: "There were too many wrong codes. Sign in again.",
  INVITATION_NOT_FOUND: "This invitation does not exist or has expired. Ask for a new one.",
  YOU_ARE_NOT_THE_RECIPIENT_OF_THE_INVITATION: "This invitation is for another email address.",
  CHALLENGE_NOT_FOUND: "This took too long. Try again.",
  AUTHENTICATION_FAILED: "The passkey was not accepted.",
  PASSKEY_NOT_FOUND: "This passkey does not belong to an account here.",
  FAILED_TO_VERIFY_REGISTRATION: "The passkey could not be added. Try again.",
};

/**
 * The sentence for a refusal of the sign-in library. Refusals that we add to it have messages for people, which end with a full stop; the
 * library's own are for programmers and have none.
 */
export function describeSignInRefusal(
  status: number,
  { code, message }: { code?: string | undefined; message?: string | undefined },
): string {
  if (code !== undefined && Object.hasOwn(WORDS, code) && WORDS[code]) return WORDS[code];
  if (message?.endsWith(".")) return message;
  if (status === 429) return "That was too often. Wait a moment and try again.";
  if (status >= 400 && status < 500) return "This was refused. Check what you entered and try again.";
  return "Something went wrong on our side. Try again in a moment.";
}
