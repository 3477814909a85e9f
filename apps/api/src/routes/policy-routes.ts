import {
  PageQuery,
  PolicyAssessBody,
  PolicyAssessmentView,
  PolicyBody,
  PolicyVersionListView,
  PolicyVersionView,
  PolicyView,
  RestoreBody,
} from "@waxseal/contract";
import {
  type AssessDeps,
  assessPolicyChange,
  getPolicy,
  listPolicyVersions,
  presentAssessment,
  presentPolicy,
  presentPolicyVersion,
  readPolicyForDomain,
  restorePolicyVersion,
  setPolicy,
} from "@waxseal/core/policies";
import type { PolicyVersion } from "@waxseal/db";
import type { FastifyPluginAsyncZod } from "fastify-type-provider-zod";
import { z } from "zod";
import { etagOf, hasPrecondition, requireUnchanged, sendWithEtag } from "../http/preconditions.ts";
import type { Gate } from "../http/request-gate.ts";
import { IdParams, PROBLEMS } from "../http/route-schema.ts";

const tags = ["Policies"];

/** `/domains/:id/policy`: setting, listing, rolling back. */
export function policyRoutes(deps: { gate: Gate; interlock: AssessDeps }): FastifyPluginAsyncZod {
  return async (app) => {
    app.get(
      "/domains/:id/policy",
      {
        compress: false,
        schema: {
          tags,
          summary: "The newest policy, with its ETag",
          description:
            "Only what was decided, so that the ETag changes with the policy and nothing else. How far its publication is, the domain and its versions say.",
          params: IdParams,
          response: { 200: PolicyView, 304: z.null(), ...PROBLEMS },
        },
      },
      async (request, reply) => {
        const { ctx } = await deps.gate(request);
        const { id } = request.params;
        return sendWithEtag(request, reply, await getPolicy(ctx, { domainId: id }), { kind: "domain", id });
      },
    );
    app.put(
      "/domains/:id/policy",
      {
        schema: {
          tags,
          summary: "Publish a policy (RFC 8461 §3.2)",
          description:
            "It is served at once; its id goes into DNS once every policy server answers with it (RFC 8461 §8.1). A policy that is served already keeps its version and id. With If-Match it is published only while the policy is the one with that ETag; otherwise 412. Mode enforce is assessed first: 409 with code unsafe and the reasons when mail could be held back, unless each reason of level stop is acknowledged and the domain typed.",
          params: IdParams,
          body: PolicyBody,
          response: { 200: PolicyVersionView, ...PROBLEMS },
        },
      },
      async (request) => {
        const { ctx } = await deps.gate(request);
        const { id } = request.params;
        const requireKnown = (newest: PolicyVersion | null) =>
          requireUnchanged(request, newest ? etagOf(presentPolicy(newest)) : "", { kind: "domain", id });
        const version = await setPolicy(
          ctx,
          {
            ...request.body,
            domainId: id,
            requireKnown: hasPrecondition(request) ? requireKnown : undefined,
          },
          deps.interlock,
        );
        return presentPolicyVersion(version, undefined);
      },
    );
    app.post(
      "/domains/:id/policy/assess",
      {
        config: { rateLimit: { max: 30, timeWindow: 60_000 } },
        schema: {
          tags,
          summary: "Look whether mail would be held back by a policy (RFC 8461 §5)",
          description:
            "Looks at the MX hosts and the TLS of each now, and replays trusted reports of 14 days. Takes up to ten seconds. Modes testing and none are always safe.",
          params: IdParams,
          body: PolicyAssessBody,
          response: { 200: PolicyAssessmentView, ...PROBLEMS },
        },
      },
      async (request) => {
        const { ctx } = await deps.gate(request);
        const { id: domainId } = request.params;
        const policy = await readPolicyForDomain(ctx, { ...request.body, domainId });
        return presentAssessment(await assessPolicyChange(ctx, { domainId, policy }, deps.interlock));
      },
    );
    app.get(
      "/domains/:id/policy/versions",
      {
        schema: {
          tags,
          summary: "All versions with their cache horizons, newest first",
          description:
            "The horizon of a version is the last moment at which a sender may still have it cached. The latest of all is when an old MX may be switched off.",
          params: IdParams,
          querystring: PageQuery,
          response: { 200: PolicyVersionListView, ...PROBLEMS },
        },
      },
      async (request) => {
        const { ctx } = await deps.gate(request);
        return listPolicyVersions(ctx, { domainId: request.params.id, ...request.query });
      },
    );
    app.post(
      "/domains/:id/policy/versions/:version/restore",
      {
        schema: {
          tags,
          summary: "Publish an older version again, under a new id",
          description:
            "Assessed like any other policy when it is in mode enforce: 409 with code unsafe and the reasons when mail could be held back.",
          params: IdParams.extend({ version: z.coerce.number().int().min(1).max(2_147_483_647) }),
          body: RestoreBody,
          response: { 200: PolicyVersionView, ...PROBLEMS },
        },
      },
      async (request) => {
        const { ctx } = await deps.gate(request);
        const { id: domainId, version } = request.params;
        const input = { domainId, version, ...request.body };
        const restored = await restorePolicyVersion(ctx, input, deps.interlock);
        return presentPolicyVersion(restored, undefined);
      },
    );
  };
}
