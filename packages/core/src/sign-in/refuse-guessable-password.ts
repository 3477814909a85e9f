import { APIError, createAuthMiddleware } from "better-auth/api";
import { z } from "zod";
import { findPasswordProblem, MAX_PASSWORD_LENGTH, MIN_PASSWORD_LENGTH } from "../accounts/password-rule.ts";

const NewPassword = z.object({
  email: z.string().optional(),
  password: z.string().optional(),
  newPassword: z.string().optional(),
});

/** Where somebody sets a password, not where they give the one they have. */
const PATHS = ["/sign-up/email", "/reset-password", "/change-password"];

/** Ends a request that would set a password which is guessed first. @throws APIError `PASSWORD_TOO_COMMON` */
export const refuseGuessablePassword = createAuthMiddleware(async ({ path, body }) => {
  if (!PATHS.includes(path)) return;
  const { data } = NewPassword.safeParse(body);
  const password = path === "/sign-up/email" ? data?.password : data?.newPassword;
  // The library itself refuses these.
  if (
    password === undefined ||
    password.length < MIN_PASSWORD_LENGTH ||
    password.length > MAX_PASSWORD_LENGTH
  )
    return;
  const problem = await findPasswordProblem(password, data?.email);
  if (problem !== undefined)
    throw new APIError("BAD_REQUEST", { code: "PASSWORD_TOO_COMMON", message: problem });
});
