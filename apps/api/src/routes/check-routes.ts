import { CheckQuery, CheckView } from "@waxseal/contract";
import type { FastifyPluginAsyncZod } from "fastify-type-provider-zod";
import { PROBLEMS, PUBLIC } from "../http/route-schema.ts";
import type { Checker } from "./create-checker.ts";

/** `GET /check`: the whole MTA-STS, TLS-RPT and MX check of any domain, for anyone. */
export function checkRoutes(deps: { check: Checker }): FastifyPluginAsyncZod {
  return async (app) => {
    app.get(
      "/check",
      {
        config: { rateLimit: { max: 20, timeWindow: 60_000 } },
        schema: {
          tags: ["Checker"],
          summary: "Check the MTA-STS, TLS-RPT and MX set-up of any domain from outside",
          description:
            "Looks at the records, fetches the policy and tests the TLS of each MX host now, and says what is wrong and who can fix it. Several who ask about one domain at once get the same look. Anyone may ask, 20 times a minute.",
          security: PUBLIC,
          querystring: CheckQuery,
          response: { 200: CheckView, ...PROBLEMS },
        },
      },
      async (request) => deps.check(request.query.domain),
    );
  };
}
