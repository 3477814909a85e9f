import { randomUUID } from "node:crypto";
import { isUniqueViolation } from "@waxseal/db";
import { z } from "zod";
import { AppError, type FieldProblem } from "../app-error.ts";
import { type ContextSource, createContext } from "../context.ts";
import { OPERATOR } from "./operator.ts";
import { findPasswordProblem } from "./password-rule.ts";
import { readPersonName } from "./read-person-name.ts";

/**
 * Makes a user who can sign in at once: an operator vouches for the address, so no mail is sent.
 * They belong to no account until one is made for them, they start one, or they accept an invitation.
 * @throws AppError `invalid` – bad address or password; `conflict` – the address is taken
 */
export async function createUser(
  source: ContextSource,
  input: { email: string; password: string; name?: string | undefined },
): Promise<{ id: string; email: string; name: string }> {
  const email = input.email.trim().toLowerCase();
  const fields = await findProblems(email, input.password);
  if (fields.length > 0) {
    throw new AppError("invalid", fields.map(({ problem }) => problem).join(" "), { fields });
  }
  // Sign-in is large; code that only looks up accounts does not load it.
  const { hashPassword } = await import("better-auth/crypto");
  const password = await hashPassword(input.password);
  const at = source.now();
  const id = randomUUID();
  const name = readPersonName(input.name || (email.split("@")[0] ?? email)) ?? email.slice(0, 100);
  try {
    await createContext(source, "", OPERATOR).inTransaction(async (db) => {
      await db.user.create({ data: { id, email, name, emailVerified: true, createdAt: at } });
      const credential = { id: randomUUID(), accountId: id, providerId: "credential", userId: id };
      await db.credential.create({ data: { ...credential, password, createdAt: at } });
    });
  } catch (cause) {
    if (isUniqueViolation(cause))
      throw new AppError("conflict", `${email} already has a sign-in.`, { reason: "user_exists", cause });
    throw cause;
  }
  return { id, email, name };
}

async function findProblems(email: string, password: string): Promise<FieldProblem[]> {
  const problems: FieldProblem[] = [];
  if (!z.email().safeParse(email).success)
    problems.push({ path: "email", problem: "Enter an email address." });
  const problem = await findPasswordProblem(password, email);
  if (problem !== undefined) problems.push({ path: "password", problem });
  return problems;
}
