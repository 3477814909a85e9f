import { PolicyBody, PolicyVersionListView, PolicyVersionView, RestoreBody } from "@waxseal/contract";
import {
  listPolicyVersions,
  presentPolicyVersion,
  restorePolicyVersion,
  setPolicy,
} from "@waxseal/core/policies";
import type { FastifyPluginAsyncZod } from "fastify-type-provider-zod";
import { z } from "zod";
import type { Gate } from "./request-gate.ts";
import { IdParams, PROBLEMS } from "./route-schema.ts";

const tags = ["Policies"];

/** `/domains/:id/policy`: setting, listing, rolling back. */
export function policyRoutes(deps: { gate: Gate }): FastifyPluginAsyncZod {
  return async (app) => {
    app.put(
      "/domains/:id/policy",
      {
        schema: {
          tags,
          summary: "Publish a policy (RFC 8461 §3.2)",
          description:
            "It is served at once; its id goes into DNS once every policy server answers with it (RFC 8461 §8.1).",
          params: IdParams,
          body: PolicyBody,
          response: { 200: PolicyVersionView, ...PROBLEMS },
        },
      },
      async (request) => {
        const { ctx } = await deps.gate(request);
        const version = await setPolicy(ctx, { ...request.body, domainId: request.params.id });
        return presentPolicyVersion(version, undefined);
      },
    );
    app.get(
      "/domains/:id/policy/versions",
      {
        schema: {
          tags,
          summary: "All versions with their cache horizons, newest first",
          params: IdParams,
          response: { 200: PolicyVersionListView, ...PROBLEMS },
        },
      },
      async (request) => listPolicyVersions((await deps.gate(request)).ctx, { domainId: request.params.id }),
    );
    app.post(
      "/domains/:id/policy/versions/:version/restore",
      {
        schema: {
          tags,
          summary: "Publish an older version again, under a new id",
          params: IdParams.extend({ version: z.coerce.number().int().min(1).max(2_147_483_647) }),
          body: RestoreBody,
          response: { 200: PolicyVersionView, ...PROBLEMS },
        },
      },
      async (request) => {
        const { ctx } = await deps.gate(request);
        const { id: domainId, version } = request.params;
        const { acknowledgeUncovered } = request.body ?? {};
        const restored = await restorePolicyVersion(ctx, { domainId, version, acknowledgeUncovered });
        return presentPolicyVersion(restored, undefined);
      },
    );
  };
}
