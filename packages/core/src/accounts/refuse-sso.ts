import { AppError } from "../app-error.ts";
import type { Person } from "./person.ts";

/**
 * Throws when a person came by an account's single sign-on: its provider has no say in what a person has beyond that account.
 * @throws AppError `forbidden`
 */
export function refuseSso({ ssoAccountId }: Person): void {
  if (ssoAccountId === null) return;
  throw new AppError(
    "forbidden",
    "You came by single sign-on. For this, sign in with your password or a passkey; you can set a password by mail.",
    { reason: "sso_session" },
  );
}
