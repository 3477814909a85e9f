import { APIError, createAuthMiddleware } from "better-auth/api";
import { z } from "zod";
import { findPasswordProblem } from "../accounts/password-rule.ts";

const NewPassword = z.object({
  email: z.string().optional(),
  password: z.string().optional(),
  newPassword: z.string().optional(),
});

/** Endpoints that set a new password, each with the field that contains it. */
const FIELDS: Record<string, "password" | "newPassword"> = {
  "/sign-up/email": "password",
  "/confirm-email": "password",
  "/reset-password": "newPassword",
  "/change-password": "newPassword",
};

/** Refuses a request that would set a password of the wrong length, or one that is guessed first. @throws APIError `PASSWORD_TOO_COMMON` */
export const refuseGuessablePassword = createAuthMiddleware(async ({ path, body }) => {
  const field = FIELDS[path];
  const { data } = NewPassword.safeParse(body);
  const password = field && data?.[field];
  if (password === undefined) return;
  const problem = await findPasswordProblem(password, data?.email);
  if (problem !== undefined)
    throw new APIError("BAD_REQUEST", { code: "PASSWORD_TOO_COMMON", message: problem });
});
