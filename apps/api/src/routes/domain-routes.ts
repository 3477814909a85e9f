import { DomainBody, DomainListQuery, DomainListView, DomainView } from "@waxseal/contract";
import type { Context } from "@waxseal/core";
import { presentDomain } from "@waxseal/core/domain-views";
import { getDomain } from "@waxseal/core/domains";
import {
  type AddNamedDomainDeps,
  addNamedDomain,
  leaveDomain,
  removeDomain,
  restoreDomain,
} from "@waxseal/core/onboarding";
import { listDomains } from "@waxseal/core/portfolio";
import type { FastifyRequest } from "fastify";
import type { FastifyPluginAsyncZod } from "fastify-type-provider-zod";
import { z } from "zod";
import { etagOf, hasPrecondition, requireUnchanged, sendWithEtag } from "../http/preconditions.ts";
import type { Gate } from "../http/request-gate.ts";
import { IdParams, PROBLEMS } from "../http/route-schema.ts";

const tags = ["Domains"];

type Deps = AddNamedDomainDeps & {
  gate: Gate;
  /** Looks at the domain's DNS now. */
  checkDomain(ctx: Context, input: { domainId: string }): Promise<unknown>;
};

/** `/domains`: adding, listing, showing, checking, leaving. */
export function domainRoutes(deps: Deps): FastifyPluginAsyncZod {
  const show = async (ctx: Context, domainId: string) =>
    presentDomain(ctx, await getDomain(ctx.db, ctx.accountId, domainId), deps.settings);

  /** The domain whose ETag the request names; undefined when it names none. */
  const readSeen = async (ctx: Context, request: FastifyRequest, domainId: string) => {
    if (!hasPrecondition(request)) return undefined;
    const seen = await getDomain(ctx.db, ctx.accountId, domainId);
    const etag = etagOf(await presentDomain(ctx, seen, deps.settings));
    requireUnchanged(request, etag, { kind: "domain", id: domainId });
    return seen;
  };

  return async (app) => {
    app.post(
      "/domains",
      {
        schema: {
          tags,
          summary: "Add a domain",
          description:
            "URLs, mail addresses and U-labels are understood. The answer holds the three CNAMEs to publish. With `ask`, what is probably a mistake is refused with `confirm_needed` and `questions`.",
          body: DomainBody,
          response: { 201: DomainView, ...PROBLEMS },
        },
      },
      async (request, reply) => {
        const { ctx } = await deps.gate(request);
        const added = await addNamedDomain(ctx, request.body, deps);
        return reply.code(201).send(await presentDomain(ctx, added, deps.settings));
      },
    );
    app.get(
      "/domains",
      {
        schema: {
          tags,
          summary: "The account's domains, by name",
          description:
            "Filter by a part of the name, health, status or tag. Go on with nextCursor until it is null.",
          querystring: DomainListQuery,
          response: { 200: DomainListView, ...PROBLEMS },
        },
      },
      async (request) => listDomains((await deps.gate(request)).ctx, request.query),
    );
    app.get(
      "/domains/:id",
      {
        compress: false,
        schema: {
          tags,
          summary: "A domain: setup, policy, certificate, readiness",
          description:
            "Its ETag changes whenever anything of the answer does, such as when its DNS was last checked.",
          params: IdParams,
          response: { 200: DomainView, 304: z.null(), ...PROBLEMS },
        },
      },
      async (request, reply) => {
        const { id } = request.params;
        return sendWithEtag(request, reply, await show((await deps.gate(request)).ctx, id), {
          kind: "domain",
          id,
        });
      },
    );
    app.post(
      "/domains/:id/check",
      {
        config: { rateLimit: { max: 60, timeWindow: 60_000 } },
        schema: {
          tags,
          summary: "Look at the domain's DNS now",
          description:
            "The records are looked at anyway, every few minutes at first; this is for a person or script that has just published them. The answer is the domain with what was seen.",
          params: IdParams,
          response: { 200: DomainView, ...PROBLEMS },
        },
      },
      async (request) => {
        const { ctx } = await deps.gate(request);
        await deps.checkDomain(ctx, { domainId: request.params.id });
        return show(ctx, request.params.id);
      },
    );
    app.post(
      "/domains/:id/leave",
      {
        schema: {
          tags,
          summary: "Start the safe exit (RFC 8461 §8.3)",
          description:
            "Mode none is published and served until no sender can have an older policy cached; then status becomes left, and the CNAMEs may be deleted. Deleting them earlier does not turn MTA-STS off.",
          params: IdParams,
          response: { 200: DomainView, ...PROBLEMS },
        },
      },
      async (request) => {
        const { ctx } = await deps.gate(request);
        return presentDomain(ctx, await leaveDomain(ctx, { domainId: request.params.id }), deps.settings);
      },
    );
    app.post(
      "/domains/:id/restore",
      {
        schema: {
          tags,
          summary: "Turn MTA-STS on again while it is being turned off",
          description: "The last policy before is published under a new id; an enforced one in mode testing.",
          params: IdParams,
          response: { 200: DomainView, ...PROBLEMS },
        },
      },
      async (request) => {
        const { ctx } = await deps.gate(request);
        return presentDomain(ctx, await restoreDomain(ctx, { domainId: request.params.id }), deps.settings);
      },
    );
    app.delete(
      "/domains/:id",
      {
        schema: {
          tags,
          summary: "Delete a domain that was never served, or that has left, with its reports",
          description:
            "The audit log stays, and the token of its CNAMEs is never given to another domain. With If-Match it is deleted only if it did not change since it was read; otherwise 412.",
          params: IdParams,
          response: { 204: z.null(), ...PROBLEMS },
        },
      },
      async (request, reply) => {
        const { ctx } = await deps.gate(request);
        const { id: domainId } = request.params;
        await removeDomain(ctx, { domainId, seen: await readSeen(ctx, request, domainId) });
        return reply.code(204).send(null);
      },
    );
  };
}
