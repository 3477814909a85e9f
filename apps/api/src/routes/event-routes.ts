import { EventExportQuery, EventListQuery, EventListView } from "@waxseal/contract";
import { exportEvents, listEvents } from "@waxseal/core/audit";
import type { FastifyPluginAsyncZod } from "fastify-type-provider-zod";
import type { Gate } from "../http/request-gate.ts";
import { PROBLEMS, RAW } from "../http/route-schema.ts";
import { sendFile } from "../http/send-file.ts";

const tags = ["Account"];

/** The account's audit log: `/events`. */
export function eventRoutes(deps: { gate: Gate }): FastifyPluginAsyncZod {
  return async (app) => {
    app.get(
      "/events",
      {
        schema: {
          tags,
          summary: "What happened in the account, newest first",
          description:
            "The audit log: who did what and when, filtered by actor, kind, domain or day. A provider reads the events of all its customers with scope=customers. Go on with nextCursor.",
          querystring: EventListQuery,
          response: { 200: EventListView, ...PROBLEMS },
        },
      },
      async (request) => listEvents((await deps.gate(request)).ctx, request.query),
    );
    app.get(
      "/events/export",
      {
        schema: {
          tags,
          summary: "The audit log as CSV or JSON, of any size",
          description: "Sent while it is read: an export that breaks off is not complete.",
          querystring: EventExportQuery,
          response: { 200: RAW, ...PROBLEMS },
        },
      },
      async (request, reply) =>
        sendFile(
          reply,
          await exportEvents((await deps.gate(request, { account: "named" })).ctx, request.query),
        ),
    );
  };
}
