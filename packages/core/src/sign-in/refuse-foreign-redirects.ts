import { readOwnPath } from "@waxseal/contract";
import type { BetterAuthPlugin } from "better-auth";
import { APIError, createAuthMiddleware } from "better-auth/api";
import { z } from "zod";

/** Where a request to sign-in may say where to go afterwards, in its body or its query. */
const FIELDS = ["callbackURL", "redirectTo", "errorCallbackURL", "newUserCallbackURL", "next"] as const;
const Fields = z.record(z.string(), z.unknown());

/** Refuses a request that would send the person anywhere but to a page of this site; see `readOwnPath`. */
export function refuseForeignRedirects() {
  return {
    id: "refuse-foreign-redirects",
    hooks: {
      before: [
        {
          matcher: () => true,
          handler: createAuthMiddleware(async ({ body, query }) => {
            for (const given of [body, query]) {
              const { data = {} } = Fields.safeParse(given);
              for (const field of FIELDS) {
                const target = data[field];
                if (target === undefined || target === "" || readOwnPath(target) !== undefined) continue;
                throw new APIError("FORBIDDEN", {
                  code: "INVALID_REDIRECT",
                  message: "This link leads to another site, so it was not followed.",
                });
              }
            }
          }),
        },
      ],
    },
  } satisfies BetterAuthPlugin;
}
