import {
  ContinueBody,
  PolicyChangeBody,
  PolicyChangeListView,
  PolicyChangeView,
  PolicyLineListView,
  PolicyLineQuery,
  pageQuery,
} from "@waxseal/contract";
import type { AssessDeps } from "@waxseal/core/policies";
import {
  continuePolicyChange,
  getPolicyChange,
  listPolicyChanges,
  listPolicyLines,
  preparePolicyChange,
  revertPolicyChange,
  stopPolicyChange,
} from "@waxseal/core/policy-changes";
import type { FastifyPluginAsyncZod } from "fastify-type-provider-zod";
import { z } from "zod";
import type { Gate } from "../http/request-gate.ts";
import { IdParams, PROBLEMS } from "../http/route-schema.ts";

const tags = ["Policies"];
const change = { 200: PolicyChangeView, ...PROBLEMS };

/** A thousand ids and the JSON around them. */
const LIST_LIMIT_BYTES = 128 * 1024;

/** `/policy-changes`: one change to the policies of many domains, previewed first, then applied in steps. */
export function policyChangeRoutes(deps: { gate: Gate; interlock: AssessDeps }): FastifyPluginAsyncZod {
  return async (app) => {
    app.get(
      "/policy-changes",
      {
        schema: {
          tags,
          summary: "Changes to many policies, newest first",
          description: "How far each is, and how many domains it changed or left alone.",
          querystring: z.object(pageQuery(50)),
          response: { 200: PolicyChangeListView, ...PROBLEMS },
        },
      },
      async (request) => listPolicyChanges((await deps.gate(request)).ctx, request.query),
    );
    app.post(
      "/policy-changes",
      {
        bodyLimit: LIST_LIMIT_BYTES,
        schema: {
          tags,
          summary: "Prepare a change to the policies of up to 1,000 domains; nothing is applied yet",
          description:
            "Its lines say what becomes different for each domain, or why it is refused. Apply it with POST /policy-changes/{id}/continue until endedAt is set.",
          body: PolicyChangeBody,
          response: { 201: PolicyChangeView, ...PROBLEMS },
        },
      },
      async (request, reply) => {
        const { ctx } = await deps.gate(request);
        return reply.code(201).send(await preparePolicyChange(ctx, request.body));
      },
    );
    app.get(
      "/policy-changes/:id",
      {
        schema: {
          tags,
          summary: "How far a change to many policies is",
          description:
            "Counts of domains by what became of them, the wave it is in, and whether it stopped because domains failed.",
          params: IdParams,
          response: change,
        },
      },
      async (request) => getPolicyChange((await deps.gate(request)).ctx, { changeId: request.params.id }),
    );
    app.get(
      "/policy-changes/:id/lines",
      {
        schema: {
          tags,
          summary: "What a change to many policies does to each domain",
          description:
            "Before and after, or why the domain is left alone. Filter by state and go on with nextCursor.",
          params: IdParams,
          querystring: PolicyLineQuery,
          response: { 200: PolicyLineListView, ...PROBLEMS },
        },
      },
      async (request) => {
        const { ctx } = await deps.gate(request);
        return listPolicyLines(ctx, { changeId: request.params.id, ...request.query });
      },
    );
    app.post(
      "/policy-changes/:id/continue",
      {
        schema: {
          tags,
          summary: "Apply a prepared change to the next domains that wait, at most 25",
          description: "Safe to repeat and to break off: no policy is set twice, none is left out.",
          params: IdParams,
          body: ContinueBody,
          response: change,
        },
      },
      async (request) => {
        const { ctx } = await deps.gate(request);
        return continuePolicyChange(ctx, { changeId: request.params.id, ...request.body }, deps.interlock);
      },
    );
    app.post(
      "/policy-changes/:id/stop",
      {
        schema: {
          tags,
          summary: "End a prepared change; domains that wait keep their policies",
          description: "What has been applied stays. POST /policy-changes/{id}/revert prepares the way back.",
          params: IdParams,
          response: change,
        },
      },
      async (request) => stopPolicyChange((await deps.gate(request)).ctx, { changeId: request.params.id }),
    );
    app.post(
      "/policy-changes/:id/revert",
      {
        schema: {
          tags,
          summary: "Prepare a change that takes an earlier one back, and stop that one",
          description: "Then apply it like any other change.",
          params: IdParams,
          response: { 201: PolicyChangeView, ...PROBLEMS },
        },
      },
      async (request, reply) => {
        const { ctx } = await deps.gate(request);
        return reply.code(201).send(await revertPolicyChange(ctx, { changeId: request.params.id }));
      },
    );
  };
}
