import {
  AccountNameBody,
  ApiKeyBody,
  ApiKeyListView,
  CreatedApiKeyView,
  type InfoView,
  MeView,
  PageQuery,
  TwoFactorRuleBody,
} from "@waxseal/contract";
import {
  createApiKey,
  deleteApiKey,
  listApiKeys,
  renameAccount,
  setTwoFactorRule,
} from "@waxseal/core/accounts";
import { getMe } from "@waxseal/core/sign-in";
import type { FastifyPluginAsyncZod } from "fastify-type-provider-zod";
import { z } from "zod";
import type { Gate } from "../http/request-gate.ts";
import { IdParams, PROBLEMS } from "../http/route-schema.ts";

const tags = ["Account"];

/** `/me`, `/account/name`, `/account/two-factor` and `/api-keys`. */
export function accountRoutes(deps: { gate: Gate; info: z.infer<typeof InfoView> }): FastifyPluginAsyncZod {
  return async (app) => {
    app.get(
      "/me",
      {
        schema: {
          tags,
          summary: "Who is signed in, and in which account",
          description:
            "The person and the role, or the scope of the API key; the account that the request acts in, and all accounts one may name. Use it to see whether a key works.",
          response: { 200: MeView, ...PROBLEMS },
        },
      },
      async (request) => {
        const me = await getMe(await deps.gate(request, { forSetup: true }));
        return { ...me, ...deps.info };
      },
    );
    app.put(
      "/account/name",
      {
        schema: {
          tags,
          summary: "Rename the account",
          description:
            "Members and instruction sheets show the new name at once. The id stays, so scripts that name the account by it go on working.",
          body: AccountNameBody,
          response: { 204: z.null(), ...PROBLEMS },
        },
      },
      async (request, reply) => {
        await renameAccount((await deps.gate(request)).ctx, request.body);
        return reply.code(204).send(null);
      },
    );
    app.put(
      "/account/two-factor",
      {
        schema: {
          tags,
          summary: "Whether all members must sign in with two-factor",
          description:
            "Members who have not set it up can do nothing else until they do. API keys keep working.",
          body: TwoFactorRuleBody,
          response: { 204: z.null(), ...PROBLEMS },
        },
      },
      async (request, reply) => {
        await setTwoFactorRule((await deps.gate(request)).ctx, request.body);
        return reply.code(204).send(null);
      },
    );
    app.get(
      "/api-keys",
      {
        schema: {
          tags,
          summary: "The account's API keys, without the keys",
          description:
            "Name, scope, first characters, maker, last use and end of each. The key itself is shown once, when it is made.",
          querystring: PageQuery,
          response: { 200: ApiKeyListView, ...PROBLEMS },
        },
      },
      async (request) => listApiKeys((await deps.gate(request)).ctx, request.query),
    );
    app.post(
      "/api-keys",
      {
        schema: {
          tags,
          summary: "Make an API key; the answer is the only one that shows it",
          description:
            "Give it the narrowest scope that does: read, onboard (also makes customers and adds domains), write, or admin, which is the default. It ends when its maker leaves the account, at expiresInDays, or when it is deleted.",
          body: ApiKeyBody,
          response: { 201: CreatedApiKeyView, ...PROBLEMS },
        },
      },
      async (request, reply) => {
        const { ctx } = await deps.gate(request);
        return reply.code(201).send(await createApiKey(ctx, request.body));
      },
    );
    app.delete(
      "/api-keys/:id",
      {
        schema: {
          tags,
          summary: "End an API key at once",
          description: "The next request with it is answered 401. A key can end itself.",
          params: IdParams,
          response: { 204: z.null(), ...PROBLEMS },
        },
      },
      async (request, reply) => {
        const { ctx } = await deps.gate(request);
        await deleteApiKey(ctx, { apiKeyId: request.params.id });
        return reply.code(204).send(null);
      },
    );
  };
}
