import { InfoView, SignUpView } from "@waxseal/contract";
import type { SignUpRule } from "@waxseal/core/accounts";
import type { FastifyPluginAsyncZod } from "fastify-type-provider-zod";
import type { z } from "zod";
import { PROBLEMS, PUBLIC } from "../http/route-schema.ts";

type Deps = { info: z.infer<typeof InfoView>; getSignUpRule(): Promise<SignUpRule> };

/** `GET /info` and `GET /sign-up`: what the pages before signing in need to know. */
export function infoRoutes(deps: Deps): FastifyPluginAsyncZod {
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
    app.get(
      "/sign-up",
      {
        config: { rateLimit: { max: 120, timeWindow: 60_000 } },
        schema: {
          tags: ["Account"],
          summary: "Who may sign up now",
          description: "The operator's rule. The sign-up page shows it before a person types.",
          security: PUBLIC,
          response: { 200: SignUpView, ...PROBLEMS },
        },
      },
      async () => {
        const rule = await deps.getSignUpRule();
        return { rule: rule.kind, domains: rule.kind === "domains" ? rule.domains : [] };
      },
    );
  };
}
