import {
  MonthlyRecipientBody,
  MonthlyRecipientListView,
  MonthlyRecipientView,
  MonthlyReportExportQuery,
  MonthlyReportQuery,
  MonthlyReportView,
  MonthlyToCustomersBody,
  PageQuery,
} from "@waxseal/contract";
import {
  addMonthlyRecipient,
  exportMonthlyReport,
  getMonthlyReport,
  listMonthlyRecipients,
  type MonthlyMailDeps,
  removeMonthlyRecipient,
  setMonthlyToCustomers,
} from "@waxseal/core/portfolio";
import type { FastifyPluginAsyncZod } from "fastify-type-provider-zod";
import { z } from "zod";
import type { Gate } from "../http/request-gate.ts";
import { IdParams, PROBLEMS, RAW } from "../http/route-schema.ts";
import { sendFile } from "../http/send-file.ts";

const tags = ["TLS reports"];

type Deps = { gate: Gate; alerting: MonthlyMailDeps };

/** `/monthly-report`: a month of proven reports for people, the same as a file, and who gets it by mail. */
export function monthlyReportRoutes(deps: Deps): FastifyPluginAsyncZod {
  return async (app) => {
    await app.register(recipientRoutes(deps));
    app.get(
      "/monthly-report",
      {
        schema: {
          tags,
          summary:
            "A month of proven reports, for people: figures, failures with who has to fix them, changes",
          description: "Of a domain, or of the account; of a provider with a row for each of its customers.",
          querystring: MonthlyReportQuery,
          response: { 200: MonthlyReportView, ...PROBLEMS },
        },
      },
      async (request) => getMonthlyReport((await deps.gate(request)).ctx, request.query),
    );
    app.get(
      "/monthly-report/export",
      {
        schema: {
          tags,
          summary: "The monthly report as CSV, JSON or a page to print",
          description:
            "The same figures and words as `GET /monthly-report`; CSV has a row for each figure; HTML is a page of its own, without scripts.",
          querystring: MonthlyReportExportQuery,
          response: { 200: RAW, ...PROBLEMS },
        },
      },
      async (request, reply) =>
        sendFile(
          reply,
          await exportMonthlyReport((await deps.gate(request, { account: "named" })).ctx, request.query),
        ),
    );
  };
}

/** `/monthly-report/recipients`: who gets the report by mail on the third of each month. */
function recipientRoutes(deps: Deps): FastifyPluginAsyncZod {
  return async (app) => {
    app.get(
      "/monthly-report/recipients",
      {
        schema: {
          tags,
          summary: "List who gets the monthly report by mail",
          description: "Addresses are shortened for members who may not manage alerts.",
          querystring: PageQuery,
          response: { 200: MonthlyRecipientListView, ...PROBLEMS },
        },
      },
      async (request) => listMonthlyRecipients((await deps.gate(request)).ctx, request.query),
    );
    app.post(
      "/monthly-report/recipients",
      {
        schema: {
          tags,
          summary: "Mail the monthly report to an address",
          description:
            "On the third of each month, about the month before. A member of the account or its provider gets it without more; the owner of any other address is asked first. Each mail has a link that ends them.",
          body: MonthlyRecipientBody,
          response: { 201: MonthlyRecipientView, ...PROBLEMS },
        },
      },
      async (request, reply) => {
        const { ctx } = await deps.gate(request);
        return reply.code(201).send(await addMonthlyRecipient(ctx, deps.alerting, request.body));
      },
    );
    app.delete(
      "/monthly-report/recipients/:id",
      {
        schema: {
          tags,
          summary: "Mail the monthly report no longer to an address",
          description: "An address whose owner stopped the reports stays in the list.",
          params: IdParams,
          response: { 204: z.null(), ...PROBLEMS },
        },
      },
      async (request, reply) => {
        await removeMonthlyRecipient((await deps.gate(request)).ctx, { id: request.params.id });
        return reply.code(204).send(null);
      },
    );
    app.put(
      "/monthly-report/customers",
      {
        schema: {
          tags,
          summary: "Mail each customer's report to its owners, or stop that",
          description:
            "For a provider. The reports carry the provider's name and logo. Owners who join later get them too; each can end them for themselves.",
          body: MonthlyToCustomersBody,
          response: { 200: MonthlyRecipientListView, ...PROBLEMS },
        },
      },
      async (request) => setMonthlyToCustomers((await deps.gate(request)).ctx, request.body),
    );
  };
}
