import { BrandHostBody, BrandHostView } from "@waxseal/contract";
import type { HostingSettings } from "@waxseal/core";
import { getBrandHost, removeBrandHost, setBrandHost } from "@waxseal/core/onboarding";
import type { FastifyPluginAsyncZod } from "fastify-type-provider-zod";
import type { Gate } from "../http/request-gate.ts";
import { PROBLEMS } from "../http/route-schema.ts";

const tags = ["Account"];

/** `/account/brand-host`: the host under which an account shows pages to its customers. */
export function brandHostRoutes(deps: {
  gate: Gate;
  publicUrl: string;
  settings: HostingSettings;
}): FastifyPluginAsyncZod {
  const own = { ...deps.settings, publicUrl: deps.publicUrl };
  const shown = { 200: BrandHostView, ...PROBLEMS };
  return async (app) => {
    app.get(
      "/account/brand-host",
      {
        schema: {
          tags,
          summary: "The account's own host",
          description:
            "Instruction pages and shared set-up pages of the account and its customers are answered there. `records` are to be published; `problem` says what is missing.",
          response: shown,
        },
      },
      async (request) => getBrandHost((await deps.gate(request)).ctx, own),
    );
    app.put(
      "/account/brand-host",
      {
        schema: {
          tags,
          summary: "Set the account's own host",
          description:
            "The answer has the CNAME and the TXT record to publish; a new host gets a new TXT record. DNS is looked at each minute, then a certificate is ordered. One account holds a host: the one whose TXT record is there.",
          body: BrandHostBody,
          response: shown,
        },
      },
      async (request) => {
        const { ctx } = await deps.gate(request);
        await setBrandHost(ctx, request.body, own);
        return getBrandHost(ctx, own);
      },
    );
    app.delete(
      "/account/brand-host",
      {
        schema: {
          tags,
          summary: "Give the account's own host up",
          description: "Links lead to our site again. Remove both DNS records afterwards.",
          response: shown,
        },
      },
      async (request) => {
        const { ctx } = await deps.gate(request);
        await removeBrandHost(ctx);
        return getBrandHost(ctx, own);
      },
    );
  };
}
