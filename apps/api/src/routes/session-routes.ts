import { PageQuery, SessionListView } from "@waxseal/contract";
import { endOtherSessions, endSession, listSessions } from "@waxseal/core/accounts";
import type { FastifyPluginAsyncZod } from "fastify-type-provider-zod";
import { z } from "zod";
import type { Gate } from "../http/request-gate.ts";
import { PROBLEMS } from "../http/route-schema.ts";

const tags = ["Account"];

/** Sessions have ids of the sign-in library, which are no UUIDs. */
const SessionParams = z.object({ id: z.string().min(1).max(100) });

/** `/me/sessions`: where one is signed in. */
export function sessionRoutes(deps: { gate: Gate }): FastifyPluginAsyncZod {
  return async (app) => {
    app.get(
      "/me/sessions",
      {
        schema: {
          tags,
          summary: "Where you are signed in",
          description:
            "Browser, address and last day of use of each of your sessions; the one that asks is marked.",
          querystring: PageQuery,
          response: { 200: SessionListView, ...PROBLEMS },
        },
      },
      async (request) => {
        const { ctx, sessionId, ssoAccountId } = await deps.gate(request);
        return listSessions(ctx, { sessionId, ssoAccountId, ...request.query });
      },
    );
    app.delete(
      "/me/sessions",
      {
        schema: {
          tags,
          summary: "Sign out everywhere but here",
          description: "All your other sessions end at once. API keys are not sessions and go on working.",
          response: { 204: z.null(), ...PROBLEMS },
        },
      },
      async (request, reply) => {
        const { ctx, sessionId, ssoAccountId } = await deps.gate(request, { account: "any" });
        await endOtherSessions(ctx, { sessionId, ssoAccountId });
        return reply.code(204).send(null);
      },
    );
    app.delete(
      "/me/sessions/:id",
      {
        schema: {
          tags,
          summary: "Sign out there",
          description: "That session's next request is answered 401.",
          params: SessionParams,
          response: { 204: z.null(), ...PROBLEMS },
        },
      },
      async (request, reply) => {
        const { ctx, ssoAccountId } = await deps.gate(request, { account: "any" });
        await endSession(ctx, { sessionId: request.params.id, ssoAccountId });
        return reply.code(204).send(null);
      },
    );
  };
}
