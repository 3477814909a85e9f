import { AsyncLocalStorage } from "node:async_hooks";
import { type Database, isDatabaseAway } from "@waxseal/db";

/**
 * A database to give to the sign-in library, and a wrapper for its requests that rejects with the database's own error when a query
 * failed because the database is away.
 *
 * The library mistakes such a failure for a missing session or a wrong password and answers 401 or 500 without the cause. Successful answers
 * pass unchanged.
 */
export function watchForAbsence(db: Database) {
  const requests = new AsyncLocalStorage<{ error?: unknown }>();
  const watched = db.$extends({
    query: {
      $allOperations: async ({ args, query }) => {
        try {
          return await query(args);
        } catch (error) {
          const request = requests.getStore();
          if (request && isDatabaseAway(error)) request.error ??= error;
          throw error;
        }
      },
    },
  });

  const rejectWhereAway = (answer: () => Promise<Response>): Promise<Response> =>
    requests.run({}, async () => {
      const response = await answer();
      const { error } = requests.getStore() ?? {};
      if (error !== undefined && response.status >= 400) throw error;
      return response;
    });
  return { watched, rejectWhereAway };
}
