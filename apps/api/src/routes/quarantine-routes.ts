import {
  QuarantineListQuery,
  QuarantineListView,
  ReparsedQuarantineView,
  ReparseQuarantineBody,
  ReparseView,
} from "@waxseal/contract";
import {
  type DkimKeyLookUp,
  getQuarantinedRaw,
  listQuarantine,
  reparseMessage,
  reparseQuarantine,
} from "@waxseal/core/reports";
import type { FastifyPluginAsyncZod } from "fastify-type-provider-zod";
import type { Gate } from "../http/request-gate.ts";
import { IdParams, PROBLEMS, RAW } from "../http/route-schema.ts";
import { sendRaw } from "../http/send-raw.ts";

const tags = ["TLS reports"];

/** `/quarantine`: messages that could not be used, why, and another try. */
export function quarantineRoutes(deps: { gate: Gate; lookUpDkimKey: DkimKeyLookUp }): FastifyPluginAsyncZod {
  return async (app) => {
    app.get(
      "/quarantine",
      {
        schema: {
          tags,
          summary: "Messages that could not be used, newest first",
          description: "Why each could not be read as a TLS report. Go on with nextCursor.",
          querystring: QuarantineListQuery,
          response: { 200: QuarantineListView, ...PROBLEMS },
        },
      },
      async (request) => listQuarantine((await deps.gate(request)).ctx, request.query),
    );
    app.get(
      "/quarantine/:id/raw",
      {
        schema: {
          tags,
          summary: "A message in quarantine, byte for byte",
          description: "A mail as it arrived, or the body that was uploaded. Treat it as hostile.",
          params: IdParams,
          response: { 200: RAW, ...PROBLEMS },
        },
      },
      async (request, reply) =>
        sendRaw(
          reply,
          await getQuarantinedRaw((await deps.gate(request)).ctx, { messageId: request.params.id }),
        ),
    );
    app.post(
      "/quarantine/reparse",
      {
        schema: {
          tags,
          summary: "Read the next messages in quarantine again",
          description:
            "Call it with the cursor it answers until that is null: then every message was read once.",
          body: ReparseQuarantineBody,
          response: { 200: ReparsedQuarantineView, ...PROBLEMS },
        },
      },
      async (request) => {
        const { ctx } = await deps.gate(request);
        return reparseQuarantine(ctx, request.body, { lookUpKey: deps.lookUpDkimKey });
      },
    );
    app.post(
      "/quarantine/:id/reparse",
      {
        schema: {
          tags,
          summary: "Read a message in quarantine again",
          description:
            "After an update of Waxseal that reads more. Says whether it is counted now, or why not.",
          params: IdParams,
          response: { 200: ReparseView, ...PROBLEMS },
        },
      },
      async (request) => {
        const { ctx } = await deps.gate(request);
        return reparseMessage(ctx, { messageId: request.params.id }, { lookUpKey: deps.lookUpDkimKey });
      },
    );
  };
}
