import { PageQuery, PasskeyBody, PasskeyListView } from "@waxseal/contract";
import { AppError } from "@waxseal/core";
import { listPasskeys, type NoticeDeps, removePasskey, renamePasskey } from "@waxseal/core/accounts";
import type { FastifyRequest } from "fastify";
import type { FastifyPluginAsyncZod } from "fastify-type-provider-zod";
import { z } from "zod";
import type { Gate } from "../http/request-gate.ts";
import { PROBLEMS } from "../http/route-schema.ts";

const tags = ["Account"];

/** Passkeys have ids of the sign-in library, which are no UUIDs. */
const PasskeyParams = z.object({ id: z.string().min(1).max(100) });

/** `/me/passkeys`: one's own. They are made and used by `/api/auth/passkey`. */
export function passkeyRoutes(deps: NoticeDeps & { gate: Gate }): FastifyPluginAsyncZod {
  return async (app) => {
    app.get(
      "/me/passkeys",
      {
        schema: {
          tags,
          summary: "Your passkeys",
          description: "Name and day of creation of each. A passkey signs you in with both factors.",
          querystring: PageQuery,
          response: { 200: PasskeyListView, ...PROBLEMS },
        },
      },
      async (request) => listPasskeys((await askAsPerson(deps.gate, request)).ctx, request.query),
    );
    app.put(
      "/me/passkeys/:id",
      {
        schema: {
          tags,
          summary: "Name a passkey",
          description: "So that you know which device it is on. Nothing else changes.",
          params: PasskeyParams,
          body: PasskeyBody,
          response: { 204: z.null(), ...PROBLEMS },
        },
      },
      async (request, reply) => {
        const { ctx } = await askAsPerson(deps.gate, request);
        await renamePasskey(ctx, { passkeyId: request.params.id, name: request.body.name });
        return reply.code(204).send(null);
      },
    );
    app.delete(
      "/me/passkeys/:id",
      {
        schema: {
          tags,
          summary: "Remove a passkey, and sign out everywhere but here",
          description:
            "Refused while it is the last second factor of a person whose account requires two-factor.",
          params: PasskeyParams,
          response: { 204: z.null(), ...PROBLEMS },
        },
      },
      async (request, reply) => {
        const { ctx, sessionId } = await askAsPerson(deps.gate, request);
        await removePasskey(ctx, { passkeyId: request.params.id, sessionId }, deps);
        return reply.code(204).send(null);
      },
    );
  };
}

/** The identity provider of one account has no say in what opens all accounts of a person. */
async function askAsPerson(gate: Gate, request: FastifyRequest) {
  const asked = await gate(request, { account: "any" });
  if (!asked.ssoAccountId) return asked;
  throw new AppError(
    "forbidden",
    "You came by single sign-on. For this, sign in with your password or a passkey.",
    { reason: "sso_session" },
  );
}
