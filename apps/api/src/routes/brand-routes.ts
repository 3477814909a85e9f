import { BrandBody, BrandView, LogoBody } from "@waxseal/contract";
import { getBrand, getFamilyLogo, getLogo, removeLogo, setBrand, setLogo } from "@waxseal/core/brand";
import type { FastifyPluginAsyncZod } from "fastify-type-provider-zod";
import type { Gate } from "../http/request-gate.ts";
import { PROBLEMS, RAW } from "../http/route-schema.ts";
import { sendLogo } from "../http/send-logo.ts";

const tags = ["Account"];

/** 200 kB in base64, and the JSON around it. */
const LOGO_LIMIT_BYTES = 300 * 1024;

/** `/account/brand`, `/account/logo` and `/account/shown-logo`: what an account shows of itself to its customers. */
export function brandRoutes(deps: { gate: Gate }): FastifyPluginAsyncZod {
  const shown = { 200: BrandView, ...PROBLEMS };
  return async (app) => {
    app.get(
      "/account/brand",
      {
        schema: {
          tags,
          summary: "The brand of the account",
          description:
            "The name, logo, colour and sender name that instruction pages, mails, monthly reports and the dashboard of its customers show.",
          response: shown,
        },
      },
      async (request) => getBrand((await deps.gate(request)).ctx),
    );
    app.put(
      "/account/brand",
      {
        schema: {
          tags,
          summary: "Set the name, colour and sender name",
          description:
            "null goes back to the account's own name, our colours or our sender name. A colour that is hard to read is shown in another shade, which the answer names. A sender name that could be taken for an address, for us or for another name is refused.",
          body: BrandBody,
          response: shown,
        },
      },
      async (request) => {
        const { ctx } = await deps.gate(request);
        await setBrand(ctx, request.body);
        return getBrand(ctx);
      },
    );
    app.get(
      "/account/logo",
      {
        schema: {
          tags,
          summary: "The logo",
          description: "The image as it was sent, with its content type. 404 when there is none.",
          response: { 200: RAW, ...PROBLEMS },
        },
      },
      async (request, reply) => {
        const { ctx } = await deps.gate(request);
        return sendLogo(reply, await getLogo(ctx.db, ctx.accountId));
      },
    );
    app.get(
      "/account/shown-logo",
      {
        schema: {
          tags,
          summary: "The logo that people of this account see",
          description: "Of the provider that manages the account, else its own. 404 when there is none.",
          response: { 200: RAW, ...PROBLEMS },
        },
      },
      async (request, reply) => sendLogo(reply, await getFamilyLogo((await deps.gate(request)).ctx)),
    );
    app.put(
      "/account/logo",
      {
        bodyLimit: LOGO_LIMIT_BYTES,
        schema: {
          tags,
          summary: "Set the logo",
          description: "A PNG, JPEG or WebP of at most 200 kB and 16 to 2,000 pixels a side, in base64.",
          body: LogoBody,
          response: shown,
        },
      },
      async (request) => {
        const { ctx } = await deps.gate(request);
        await setLogo(ctx, request.body);
        return getBrand(ctx);
      },
    );
    app.delete(
      "/account/logo",
      {
        schema: {
          tags,
          summary: "Take the logo away",
          description: "Instruction pages show the name alone.",
          response: shown,
        },
      },
      async (request) => {
        const { ctx } = await deps.gate(request);
        await removeLogo(ctx);
        return getBrand(ctx);
      },
    );
  };
}
