import {
  PageQuery,
  SavedFilterBody,
  SavedFilterListView,
  SavedFilterView,
  TagBody,
  TaggedView,
  TagListView,
  TagQuery,
} from "@waxseal/contract";
import { listFilters, listTags, removeFilter, saveFilter } from "@waxseal/core/domains";
import { tagChosenDomains } from "@waxseal/core/portfolio";
import type { FastifyPluginAsyncZod } from "fastify-type-provider-zod";
import { z } from "zod";
import type { Gate } from "../http/request-gate.ts";
import { IdParams, PROBLEMS } from "../http/route-schema.ts";

const tags = ["Domains"];

/** `/tags`, `/domains/tags` and `/saved-filters`: finding domains again. */
export function tagRoutes(deps: { gate: Gate }): FastifyPluginAsyncZod {
  return async (app) => {
    app.get(
      "/tags",
      {
        schema: {
          tags,
          summary: "The tags in use",
          description: "With the number of domains of each; of all customers with scope=customers.",
          querystring: TagQuery,
          response: { 200: TagListView, ...PROBLEMS },
        },
      },
      async (request) => listTags((await deps.gate(request)).ctx, request.query),
    );
    app.post(
      "/domains/tags",
      {
        schema: {
          tags,
          summary: "Add and remove tags of domains of this account and its customers",
          description:
            "Of up to 200 named domains, or of all that a filter leaves, at most 10,000. All of it or nothing. At most 20 tags a domain and 300 an account.",
          body: TagBody,
          response: { 200: TaggedView, ...PROBLEMS },
        },
      },
      async (request) => tagChosenDomains((await deps.gate(request)).ctx, request.body),
    );
    app.get(
      "/saved-filters",
      {
        schema: {
          tags,
          summary: "Filters that members of the account saved",
          description: "For the list of domains and that of all customers' domains.",
          querystring: PageQuery,
          response: { 200: SavedFilterListView, ...PROBLEMS },
        },
      },
      async (request) => listFilters((await deps.gate(request)).ctx, request.query),
    );
    app.post(
      "/saved-filters",
      {
        schema: {
          tags,
          summary: "Save a filter for all members of the account; one of that name is replaced",
          description: "search holds the parameters of the list, such as health and tag.",
          body: SavedFilterBody,
          response: { 201: SavedFilterView, ...PROBLEMS },
        },
      },
      async (request, reply) => {
        const { ctx } = await deps.gate(request);
        return reply.code(201).send(await saveFilter(ctx, request.body));
      },
    );
    app.delete(
      "/saved-filters/:id",
      {
        schema: {
          tags,
          summary: "Delete a saved filter",
          description: "For all members of the account. Nothing but the filter goes.",
          params: IdParams,
          response: { 204: z.null(), ...PROBLEMS },
        },
      },
      async (request, reply) => {
        const { ctx } = await deps.gate(request);
        await removeFilter(ctx, { filterId: request.params.id });
        return reply.code(204).send(null);
      },
    );
  };
}
