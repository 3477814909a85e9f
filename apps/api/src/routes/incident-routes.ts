import {
  IncidentDetailView,
  IncidentListView,
  IncidentNoteBody,
  IncidentQuery,
  SnoozeBody,
} from "@waxseal/contract";
import {
  acknowledgeIncident,
  getIncident,
  listIncidents,
  noteIncident,
  snoozeIncident,
} from "@waxseal/core/alerting";
import type { FastifyPluginAsyncZod } from "fastify-type-provider-zod";
import type { Gate } from "../http/request-gate.ts";
import { IdParams, PROBLEMS } from "../http/route-schema.ts";

const tags = ["Alerts"];
const response = { 200: IncidentDetailView, ...PROBLEMS };

/** `/incidents`: what is wrong, one entry for each cause. */
export function incidentRoutes(deps: { gate: Gate }): FastifyPluginAsyncZod {
  return async (app) => {
    app.get(
      "/incidents",
      {
        schema: {
          tags,
          summary: "List incidents, newest first",
          description:
            "An incident is one cause with all domains that have it. A provider's list holds those of its customers too.",
          querystring: IncidentQuery,
          response: { 200: IncidentListView, ...PROBLEMS },
        },
      },
      async (request) => listIncidents((await deps.gate(request)).ctx, request.query),
    );
    app.get(
      "/incidents/:id",
      {
        schema: {
          tags,
          summary: "An incident and who heard of it",
          description:
            "Its domains, what was seen, and each message with channel, time and whether it arrived.",
          params: IdParams,
          response,
        },
      },
      async (request) => getIncident((await deps.gate(request)).ctx, { incidentId: request.params.id }),
    );
    app.post(
      "/incidents/:id/acknowledge",
      {
        schema: {
          tags,
          summary: "Acknowledge an incident: no more reminders about it",
          description: "It stays open until its cause is gone; then a message says so.",
          params: IdParams,
          response,
        },
      },
      async (request) =>
        acknowledgeIncident((await deps.gate(request)).ctx, { incidentId: request.params.id }),
    );
    app.post(
      "/incidents/:id/snooze",
      {
        schema: {
          tags,
          summary: "Hold back reminders and further domains of an incident for a while",
          description: "until lies within the next 30 days; null ends the snooze.",
          params: IdParams,
          body: SnoozeBody,
          response,
        },
      },
      async (request) => {
        const { ctx } = await deps.gate(request);
        return snoozeIncident(ctx, { incidentId: request.params.id, ...request.body });
      },
    );
    app.post(
      "/incidents/:id/note",
      {
        schema: {
          tags,
          summary: "Keep a note, or say that the messages about an incident were not useful",
          description: "All members read the note. It is not sent to channels.",
          params: IdParams,
          body: IncidentNoteBody,
          response,
        },
      },
      async (request) => {
        const { ctx } = await deps.gate(request);
        return noteIncident(ctx, { incidentId: request.params.id, ...request.body });
      },
    );
  };
}
