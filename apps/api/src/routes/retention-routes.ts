import { RetentionBody, RetentionView } from "@waxseal/contract";
import { getRetention, setRetention } from "@waxseal/core/reports";
import type { FastifyPluginAsyncZod } from "fastify-type-provider-zod";
import type { Gate } from "../http/request-gate.ts";
import { PROBLEMS } from "../http/route-schema.ts";

const tags = ["Account"];

/** `/account/retention`: how long reports are kept. */
export function retentionRoutes(deps: { gate: Gate }): FastifyPluginAsyncZod {
  return async (app) => {
    app.get(
      "/account/retention",
      {
        schema: {
          tags,
          summary: "How long reports are kept",
          description: "Days that raw messages and daily figures are kept, with the limits of both.",
          response: { 200: RetentionView, ...PROBLEMS },
        },
      },
      async (request) => getRetention((await deps.gate(request)).ctx),
    );
    app.put(
      "/account/retention",
      {
        schema: {
          tags,
          summary: "Keep reports shorter or longer",
          description:
            "The next daily run deletes older data. A longer time does not bring deleted data back.",
          body: RetentionBody,
          response: { 200: RetentionView, ...PROBLEMS },
        },
      },
      async (request) => {
        const { ctx } = await deps.gate(request);
        await setRetention(ctx, request.body);
        return getRetention(ctx);
      },
    );
  };
}
