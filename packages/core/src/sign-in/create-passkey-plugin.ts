import { passkey } from "@better-auth/passkey";
import { APIError } from "better-auth/api";

/**
 * Passkeys: made with a session that is a few minutes old, used instead of password and code.
 *
 * Each counts as two factors, so both ceremonies demand that the device verified its user, by whatever the browser was asked.
 * A passkey cannot be guessed, so locks against guessing passwords and codes do not stop it, and it does not lift them.
 *
 * Web Authentication Level 2 §7.1 step 15, §7.2 step 17
 */
export function createPasskeyPlugin({ origins }: { origins: readonly [string, ...string[]] }) {
  return passkey({
    rpID: new URL(origins[0]).hostname,
    rpName: "Waxseal",
    origin: [...origins],
    authenticatorSelection: { residentKey: "required", userVerification: "required" },
    advanced: { webAuthnChallengeCookie: "passkey" },
    registration: {
      afterVerification: ({ verification }) => {
        if (verification.registrationInfo?.userVerified !== true) throw refuseUnverified();
      },
    },
    authentication: {
      afterVerification: ({ verification }) => {
        if (!verification.authenticationInfo.userVerified) throw refuseUnverified();
      },
    },
  });
}

function refuseUnverified(): APIError {
  return new APIError("FORBIDDEN", {
    code: "USER_NOT_VERIFIED",
    message: "The passkey did not ask for your PIN, fingerprint or face. Use one that does.",
  });
}
