import {
  SharedExportQuery,
  SharedInstructionQuery,
  SharedInstructionsView,
  SheetToken,
} from "@waxseal/contract";
import type { ContextSource, HostingSettings } from "@waxseal/core";
import { openSharedSheet } from "@waxseal/core/instructions";
import type { FastifyRequest } from "fastify";
import type { FastifyPluginAsyncZod } from "fastify-type-provider-zod";
import { z } from "zod";
import { refuseForeignSite } from "../http/own-hosts.ts";
import { PROBLEMS, PUBLIC, RAW } from "../http/route-schema.ts";
import { sendFile } from "../http/send-file.ts";
import { sendLogo } from "../http/send-logo.ts";

const tags = ["Instructions"];
const security = PUBLIC;
const config = { rateLimit: { max: 120, timeWindow: 60_000 } };
const params = z.object({ sheetToken: SheetToken });

/** `/shared-instructions/:sheetToken`: what a link to instructions shows to anyone who has it. */
export function sharedInstructionRoutes(deps: {
  source: ContextSource;
  settings: HostingSettings;
}): FastifyPluginAsyncZod {
  const open = async (request: FastifyRequest<{ Params: z.infer<typeof params> }>) => {
    const sheet = await openSharedSheet(deps.source, request.params.sheetToken, deps.settings);
    await refuseForeignSite(deps.source, request, sheet.accountId);
    return sheet;
  };
  return async (app) => {
    app.addHook("onSend", async (_request, reply) => {
      reply.header("x-robots-tag", "noindex, nofollow");
    });
    app.get(
      "/shared-instructions/:sheetToken",
      {
        config,
        schema: {
          tags,
          security,
          summary: "Which CNAMEs domains lack, for anyone with the link",
          description: "What the linked page shows: the records of each domain, and their present states.",
          params,
          querystring: SharedInstructionQuery,
          response: { 200: SharedInstructionsView, ...PROBLEMS },
        },
      },
      async (request) => (await open(request)).show(request.query),
    );
    app.get(
      "/shared-instructions/:sheetToken/export",
      {
        config,
        schema: {
          tags,
          security,
          summary: "The same as CSV or as lines of a zone file, for anyone with the link",
          description:
            "format=csv or format=zone. The lines can be pasted into a zone file of BIND, Knot or NSD.",
          params,
          querystring: SharedExportQuery,
          response: { 200: RAW, ...PROBLEMS },
        },
      },
      async (request, reply) => sendFile(reply, (await open(request)).write(request.query.format)),
    );
    app.get(
      "/shared-instructions/:sheetToken/logo",
      {
        config,
        schema: {
          tags,
          security,
          summary: "The logo of the account that created the link",
          description: "404 when it has none.",
          params,
          response: { 200: RAW, ...PROBLEMS },
        },
      },
      async (request, reply) => sendLogo(reply, await (await open(request)).logo()),
    );
  };
}
