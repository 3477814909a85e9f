import { InfoView } from "@waxseal/contract";
import type { FastifyPluginAsyncZod } from "fastify-type-provider-zod";
import type { z } from "zod";
import { PROBLEMS, PUBLIC } from "../http/route-schema.ts";

/** `GET /info`: what the sign-in page needs to know. */
export function infoRoutes(deps: { info: z.infer<typeof InfoView> }): FastifyPluginAsyncZod {
  return async (app) => {
    app.get(
      "/info",
      {
        schema: {
          tags: ["Account"],
          summary: "What anyone may know before signing in",
          description:
            "The hosted zone, whether a sandbox runs here, and whose data names the owners of networks. The sign-in page needs it.",
          security: PUBLIC,
          response: { 200: InfoView, ...PROBLEMS },
        },
      },
      async () => deps.info,
    );
  };
}
