import { MonthlyReportExportQuery, MonthlyReportQuery, MonthlyReportView } from "@waxseal/contract";
import { exportMonthlyReport, getMonthlyReport } from "@waxseal/core/portfolio";
import type { FastifyPluginAsyncZod } from "fastify-type-provider-zod";
import type { Gate } from "../http/request-gate.ts";
import { PROBLEMS, RAW } from "../http/route-schema.ts";
import { sendFile } from "../http/send-file.ts";

const tags = ["TLS reports"];

/** `/monthly-report`: a month of proven reports for people, and the same as a file. */
export function monthlyReportRoutes(deps: { gate: Gate }): FastifyPluginAsyncZod {
  return async (app) => {
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
          summary: "The monthly report as CSV or JSON",
          description: "The same figures and words as `GET /monthly-report`; CSV has a row for each figure.",
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
