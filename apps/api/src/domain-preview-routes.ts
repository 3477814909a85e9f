import { DomainPreviewBody, DomainPreviewView } from "@waxseal/contract";
import type { HostingSettings } from "@waxseal/core";
import { previewDomains } from "@waxseal/core/domains";
import type { FastifyPluginAsyncZod } from "fastify-type-provider-zod";
import type { Gate } from "./request-gate.ts";
import { PROBLEMS } from "./route-schema.ts";

/** `/domains/preview`: what a list of many would do, line by line, before any is added. */
export function domainPreviewRoutes(deps: { gate: Gate; settings: HostingSettings }): FastifyPluginAsyncZod {
  return async (app) => {
    app.post(
      "/domains/preview",
      {
        schema: {
          tags: ["Domains"],
          summary: "What adding each line of a list would do; nothing is added",
          description: "Then add each line that has no problem with POST /domains.",
          body: DomainPreviewBody,
          response: { 200: DomainPreviewView, ...PROBLEMS },
        },
      },
      async (request) => previewDomains((await deps.gate(request)).ctx, request.body, deps),
    );
  };
}
