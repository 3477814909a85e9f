import { FRESH_SIGN_IN_MS } from "@waxseal/contract";
import { AppError } from "../app-error.ts";

/** Throws when a session is too old for what cannot be undone. @throws AppError `forbidden` – signed in more than 15 minutes ago */
export function refuseStaleSignIn(now: Date, signedInAt: Date): void {
  if (now.getTime() - signedInAt.getTime() > FRESH_SIGN_IN_MS)
    throw new AppError("forbidden", "You signed in more than 15 minutes ago. Sign out and in again first.", {
      reason: "sign_in_too_old",
    });
}
