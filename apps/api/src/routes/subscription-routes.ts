import { SubscriptionBody, SubscriptionView } from "@waxseal/contract";
import { getSubscription, setSubscription } from "@waxseal/core/alerting";
import type { FastifyPluginAsyncZod } from "fastify-type-provider-zod";
import type { Gate } from "../http/request-gate.ts";
import { PROBLEMS } from "../http/route-schema.ts";

const tags = ["Alerts"];
const response = { 200: SubscriptionView, ...PROBLEMS };

/** `/me/notifications`: what the caller hears of an account by mail. */
export function subscriptionRoutes(deps: { gate: Gate }): FastifyPluginAsyncZod {
  return async (app) => {
    app.get(
      "/me/notifications",
      {
        schema: {
          tags,
          summary: "Which mails about this account you get",
          description: "Least severity, summary, time zone and quiet hours.",
          response,
        },
      },
      async (request) => getSubscription((await deps.gate(request)).ctx),
    );
    app.put(
      "/me/notifications",
      {
        schema: {
          tags,
          summary: "Choose which mails about this account you get",
          description: "Critical mails come in quiet hours too.",
          body: SubscriptionBody,
          response,
        },
      },
      async (request) => setSubscription((await deps.gate(request)).ctx, request.body),
    );
  };
}
