import {
  CreatedSheetView,
  InstructionExportQuery,
  InstructionQuery,
  InstructionsView,
  PageQuery,
  SheetBody,
  SheetListView,
} from "@waxseal/contract";
import {
  createInstructionSheet,
  endInstructionSheet,
  exportInstructions,
  listInstructionSheets,
  listInstructions,
  type SheetDeps,
} from "@waxseal/core/instructions";
import type { FastifyPluginAsyncZod } from "fastify-type-provider-zod";
import { z } from "zod";
import type { Gate } from "../http/request-gate.ts";
import { IdParams, PROBLEMS, RAW } from "../http/route-schema.ts";
import { sendFile } from "../http/send-file.ts";

const tags = ["Instructions"];

/** `/instructions` of this account or a customer, and `/instruction-sheets`: links to them for people without an account. */
export function instructionRoutes(deps: SheetDeps & { gate: Gate }): FastifyPluginAsyncZod {
  return async (app) => {
    app.get(
      "/instructions",
      {
        schema: {
          tags,
          summary: "Which CNAMEs domains of this account or a customer lack",
          description:
            "By default only what is missing; only=all names all three of each. A provider gets all customers' with scope=customers. Go on with nextCursor.",
          querystring: InstructionQuery,
          response: { 200: InstructionsView, ...PROBLEMS },
        },
      },
      async (request) => listInstructions((await deps.gate(request)).ctx, request.query, deps.settings),
    );
    app.get(
      "/instructions/export",
      {
        schema: {
          tags,
          summary: "The same as CSV or as lines of a zone file",
          description: "Sent while it is read: a file that breaks off is not complete.",
          querystring: InstructionExportQuery,
          response: { 200: RAW, ...PROBLEMS },
        },
      },
      async (request, reply) => {
        const { ctx } = await deps.gate(request, { account: "named" });
        return sendFile(reply, await exportInstructions(ctx, request.query, deps.settings));
      },
    );
    app.get(
      "/instruction-sheets",
      {
        schema: {
          tags,
          summary: "The links to instructions that work now",
          description:
            "The domains that each sheet shows, the addresses it was mailed to, and when it ends. The link itself is shown once, when it is made.",
          querystring: PageQuery,
          response: { 200: SheetListView, ...PROBLEMS },
        },
      },
      async (request) => listInstructionSheets((await deps.gate(request)).ctx, request.query),
    );
    app.post(
      "/instruction-sheets",
      {
        config: { rateLimit: { max: 120, timeWindow: 60_000 } },
        schema: {
          tags,
          summary: "Create a link to instructions for a person without an account, and email it on request",
          description:
            "At most 60 mails an hour and 300 a day for an account and all its customers together.",
          body: SheetBody,
          response: { 201: CreatedSheetView, ...PROBLEMS },
        },
      },
      async (request, reply) => {
        const { ctx } = await deps.gate(request);
        return reply.code(201).send(await createInstructionSheet(ctx, request.body, deps));
      },
    );
    app.delete(
      "/instruction-sheets/:id",
      {
        schema: {
          tags,
          summary: "End a link to instructions at once",
          description: "The page behind it is answered 404 from now on.",
          params: IdParams,
          response: { 204: z.null(), ...PROBLEMS },
        },
      },
      async (request, reply) => {
        const { ctx } = await deps.gate(request);
        await endInstructionSheet(ctx, { sheetId: request.params.id });
        return reply.code(204).send(null);
      },
    );
  };
}
