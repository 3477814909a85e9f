import { redirect } from "@tanstack/react-router";
import { ApiError } from "../api/client.ts";
import { paths } from "../paths.ts";

/** Leads a person who belongs to no account, or no longer to the account `from`, to the page that says so. */
export async function orNoAccount<T>(asked: Promise<T>, from?: string): Promise<T> {
  try {
    return await asked;
  } catch (error) {
    if (error instanceof ApiError && error.code === "no_account")
      throw redirect({ to: paths.noAccount(), search: from ? { from } : {}, replace: true });
    throw error;
  }
}
