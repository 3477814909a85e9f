import { SsoBody, SsoView } from "@waxseal/contract";
import { getSso, removeSso, type SsoDeps, setSso } from "@waxseal/core/sso";
import type { FastifyPluginAsyncZod } from "fastify-type-provider-zod";
import { z } from "zod";
import type { Gate } from "../http/request-gate.ts";
import { PROBLEMS } from "../http/route-schema.ts";

const tags = ["Account"];

/** `/sso`: an account's single sign-on. People sign in by `/api/auth/sso`. */
export function ssoRoutes(deps: { gate: Gate; sso: SsoDeps; publicUrl: string }): FastifyPluginAsyncZod {
  return async (app) => {
    app.get(
      "/sso",
      {
        schema: {
          tags,
          summary: "The account's single sign-on, without its secret",
          description:
            "Issuer, client id, domains and whether it is required, and the address to register at the identity provider. Owners only.",
          response: { 200: SsoView, ...PROBLEMS },
        },
      },
      async (request) => getSso((await deps.gate(request)).ctx, deps),
    );
    app.put(
      "/sso",
      {
        // Each request makes us connect to an address that the caller chose.
        config: { rateLimit: { max: 20, timeWindow: 60_000 } },
        schema: {
          tags,
          summary: "Set up single sign-on by OpenID Connect, or change it",
          description: "Asks the identity provider about itself first. Owners only.",
          body: SsoBody,
          response: { 200: SsoView, ...PROBLEMS },
        },
      },
      async (request) => {
        const { ctx } = await deps.gate(request);
        await setSso(ctx, request.body, deps.sso);
        return getSso(ctx, deps);
      },
    );
    app.delete(
      "/sso",
      {
        schema: {
          tags,
          summary: "Remove single sign-on, and sign out all people who used it",
          description: "People then sign in with a password or passkey. Members stay members.",
          response: { 204: z.null(), ...PROBLEMS },
        },
      },
      async (request, reply) => {
        await removeSso((await deps.gate(request)).ctx);
        return reply.code(204).send(null);
      },
    );
  };
}
