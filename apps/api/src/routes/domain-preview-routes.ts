import { BulkAddBody, BulkAddView, DomainPreviewBody, DomainPreviewView } from "@waxseal/contract";
import { type AddNamedDomainDeps, addDomains, previewDomains } from "@waxseal/core/onboarding";
import type { FastifyPluginAsyncZod } from "fastify-type-provider-zod";
import type { Gate } from "../http/request-gate.ts";
import { PROBLEMS } from "../http/route-schema.ts";

const tags = ["Domains"];

/** A list of 250,000 characters, most of them of several bytes. */
const LIST_LIMIT_BYTES = 1024 * 1024;

/** `/domains/preview` and `/domains/bulk`: many domains, first looked at line by line, then added in batches. */
export function domainPreviewRoutes(deps: AddNamedDomainDeps & { gate: Gate }): FastifyPluginAsyncZod {
  return async (app) => {
    app.post(
      "/domains/preview",
      {
        bodyLimit: LIST_LIMIT_BYTES,
        schema: {
          tags,
          summary: "What adding each line of a list would do; nothing is added",
          description: "Then add the lines that have no problem with POST /domains/bulk.",
          body: DomainPreviewBody,
          response: { 200: DomainPreviewView, ...PROBLEMS },
        },
      },
      async (request) => previewDomains((await deps.gate(request)).ctx, request.body, deps),
    );
    app.post(
      "/domains/bulk",
      {
        schema: {
          tags,
          summary: "Add up to 25 domains, to this account or to its customers'",
          description: "Each answers for itself. Sending a batch again is safe: what is there stays.",
          body: BulkAddBody,
          response: { 200: BulkAddView, ...PROBLEMS },
        },
      },
      async (request) => addDomains((await deps.gate(request)).ctx, request.body, deps),
    );
  };
}
