import { ShareToken } from "@waxseal/contract";
import { AppError, type ContextSource, requirePermission } from "@waxseal/core";
import { getDomain } from "@waxseal/core/domains";
import type { FastifyReply } from "fastify";
import type { FastifyPluginAsyncZod } from "fastify-type-provider-zod";
import { z } from "zod";
import { refuseForeignSite } from "../http/own-hosts.ts";
import type { Gate } from "../http/request-gate.ts";
import { IdParams, PROBLEMS, PUBLIC } from "../http/route-schema.ts";
import type { LiveFeed } from "./create-live-feed.ts";

/** The domain a link shows; undefined when the link is dead. */
export type SharedDomainFinder = (
  shareToken: string,
) => Promise<{ accountId: string; domainId: string } | undefined>;

type Deps = {
  gate: Gate;
  live: LiveFeed;
  findSharedDomain: SharedDomainFinder;
  source: ContextSource;
};

const EVENTS = z
  .unknown()
  .describe("text/event-stream: `changed` whenever the domain should be fetched again");

/** `/domains/:id/live` and `/shared/:shareToken/live`: server-sent events that say when to read again. */
export function liveRoutes({ gate, live, findSharedDomain, source }: Deps): FastifyPluginAsyncZod {
  return async (app) => {
    app.get(
      "/domains/:id/live",
      {
        schema: {
          tags: ["Domains"],
          summary: "Server-sent events: says when the domain looks different",
          description: "Ends with the session, the API key or the permission.",
          params: IdParams,
          response: { 200: EVENTS, ...PROBLEMS },
        },
      },
      async (request, reply) => {
        const { ctx } = await gate(request);
        requirePermission(ctx, "domains.read");
        const { accountId, id: domainId } = await getDomain(ctx.db, ctx.accountId, request.params.id);
        const isAllowed = async () => (await gate(request)).ctx.accountId === accountId;
        return sendEvents(reply, live.follow({ accountId, domainId, isAllowed }));
      },
    );
    app.get(
      "/shared/:shareToken/live",
      {
        config: { rateLimit: { max: 60, timeWindow: 60_000 } },
        schema: {
          tags: ["Domains"],
          summary: "Server-sent events for anyone with the link: says when the CNAMEs look different",
          description: "An event means: ask for the domain again. Ends when the link ends.",
          security: PUBLIC,
          params: z.object({ shareToken: ShareToken }),
          response: { 200: EVENTS, ...PROBLEMS },
        },
      },
      async (request, reply) => {
        const { shareToken } = request.params;
        const shared = await findSharedDomain(shareToken);
        if (!shared) throw new AppError("not_found", "There is no such link.");
        await refuseForeignSite(source, request, shared.accountId);
        const isAllowed = async () => (await findSharedDomain(shareToken)) !== undefined;
        return sendEvents(reply, live.follow({ ...shared, isAllowed }));
      },
    );
  };
}

function sendEvents(reply: FastifyReply, events: ReturnType<LiveFeed["follow"]>): FastifyReply {
  return (
    reply
      .header("content-type", "text/event-stream")
      // Gathering proxies would hold the events back.
      .header("x-accel-buffering", "no")
      .send(events)
  );
}
