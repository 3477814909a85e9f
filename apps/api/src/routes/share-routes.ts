import { CreatedShareView, SharedSetupView, ShareToken, ShareView } from "@waxseal/contract";
import type { ContextSource } from "@waxseal/core";
import { getDomainShare, revokeDomainShare, shareDomain } from "@waxseal/core/domain-views";
import type { FastifyPluginAsyncZod } from "fastify-type-provider-zod";
import { z } from "zod";
import { refuseForeignSite } from "../http/own-hosts.ts";
import type { Gate } from "../http/request-gate.ts";
import { IdParams, PROBLEMS, PUBLIC } from "../http/route-schema.ts";
import type { SharedDomainFinder } from "./live-routes.ts";

const tags = ["Domains"];

/** What a link shows. @throws AppError `not_found` */
export type SharedSetupFinder = (shareToken: string) => Promise<z.infer<typeof SharedSetupView>>;

type Deps = {
  gate: Gate;
  findSharedSetup: SharedSetupFinder;
  findSharedDomain: SharedDomainFinder;
  source: ContextSource;
};

/** `/domains/:id/share`, and what the link it makes shows to anyone. */
export function shareRoutes(deps: Deps): FastifyPluginAsyncZod {
  return async (app) => {
    app.get(
      "/domains/:id/share",
      {
        schema: {
          tags,
          summary: "Whether there is a link to the DNS instructions",
          description: "And who made it, and when. The link itself is shown once, when it is made.",
          params: IdParams,
          response: { 200: ShareView, ...PROBLEMS },
        },
      },
      async (request) => getDomainShare((await deps.gate(request)).ctx, { domainId: request.params.id }),
    );
    app.post(
      "/domains/:id/share",
      {
        schema: {
          tags,
          summary:
            "Create a link to the DNS instructions for the person who edits the DNS; an older link stops working",
          description:
            "The page behind it shows the three CNAMEs and follows their state. It needs no sign-in and changes nothing.",
          params: IdParams,
          response: { 201: CreatedShareView, ...PROBLEMS },
        },
      },
      async (request, reply) => {
        const { ctx } = await deps.gate(request);
        return reply.code(201).send(await shareDomain(ctx, { domainId: request.params.id }));
      },
    );
    app.delete(
      "/domains/:id/share",
      {
        schema: {
          tags,
          summary: "End the link to the DNS instructions at once",
          description: "The page behind it is answered 404 from now on.",
          params: IdParams,
          response: { 204: z.null(), ...PROBLEMS },
        },
      },
      async (request, reply) => {
        const { ctx } = await deps.gate(request);
        await revokeDomainShare(ctx, { domainId: request.params.id });
        return reply.code(204).send(null);
      },
    );
    app.get(
      "/shared/:shareToken",
      {
        config: { rateLimit: { max: 60, timeWindow: 60_000 } },
        schema: {
          tags,
          summary: "The three CNAMEs of a domain and their states, for anyone with the link",
          description: "Name, target, state and what was seen of each record; nothing else of the account.",
          security: PUBLIC,
          params: z.object({ shareToken: ShareToken }),
          response: { 200: SharedSetupView, ...PROBLEMS },
        },
      },
      async (request) => {
        const { shareToken } = request.params;
        const shared = await deps.findSharedDomain(shareToken);
        if (shared) await refuseForeignSite(deps.source, request, shared.accountId);
        return deps.findSharedSetup(shareToken);
      },
    );
  };
}
