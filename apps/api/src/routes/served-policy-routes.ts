import { ServedPolicyView } from "@waxseal/contract";
import { type FetchServedPolicy, getServedPolicy } from "@waxseal/core/policies";
import type { FastifyPluginAsyncZod } from "fastify-type-provider-zod";
import type { Gate } from "../http/request-gate.ts";
import { IdParams, PROBLEMS } from "../http/route-schema.ts";

type Deps = { gate: Gate; fetchServedPolicy: FetchServedPolicy };

/** `GET /domains/:id/served`: the policy as a sender gets it right now. */
export function servedPolicyRoutes(deps: Deps): FastifyPluginAsyncZod {
  return async (app) => {
    app.get(
      "/domains/:id/served",
      {
        config: { rateLimit: { max: 120, timeWindow: 60_000 } },
        schema: {
          tags: ["Policies"],
          summary: "The policy as a sender gets it right now, and which version it is (RFC 8461 §3.3)",
          description: "Fetched from the policy server over HTTPS as senders do, through the public path.",
          params: IdParams,
          response: { 200: ServedPolicyView, ...PROBLEMS },
        },
      },
      async (request) =>
        getServedPolicy((await deps.gate(request)).ctx, { domainId: request.params.id }, deps),
    );
  };
}
