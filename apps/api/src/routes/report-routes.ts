import {
  ClusterQuery,
  FailureClusterListView,
  ReportExportQuery,
  ReportListQuery,
  ReportListView,
  ReportView,
  SourceDaysQuery,
  SourceDaysView,
  SummaryQuery,
  SummaryView,
} from "@waxseal/contract";
import type { FindNetwork } from "@waxseal/core/networks";
import {
  exportReports,
  getReport,
  getReportRaw,
  listFailureClusters,
  listReports,
  listSourceDays,
  summarizeSessions,
} from "@waxseal/core/reports";
import type { FastifyPluginAsyncZod } from "fastify-type-provider-zod";
import type { Gate } from "../http/request-gate.ts";
import { IdParams, PROBLEMS, RAW } from "../http/route-schema.ts";
import { sendFile } from "../http/send-file.ts";
import { sendRaw } from "../http/send-raw.ts";

const tags = ["TLS reports"];

/** `/tls-reports`: sums for charts, the reports themselves, and the bytes as they arrived. */
export function reportRoutes(deps: { gate: Gate; findNetwork: FindNetwork }): FastifyPluginAsyncZod {
  return async (app) => {
    app.get(
      "/tls-reports/summary",
      {
        schema: {
          tags,
          summary: "Sessions per day, result, sending source, MX host or policy",
          description:
            "A report's sessions count once, though it may list them under several policies (RFC 8460 §4).",
          querystring: SummaryQuery,
          response: { 200: SummaryView, ...PROBLEMS },
        },
      },
      async (request) => summarizeSessions((await deps.gate(request)).ctx, request.query, deps),
    );
    app.get(
      "/tls-reports/clusters",
      {
        schema: {
          tags,
          summary: "Failures alike, with who must act and a message ready to send",
          description:
            "A cluster is the failures of one result type at one MX host that one reporter reported with one reason (RFC 8460 §4.3).",
          querystring: ClusterQuery,
          response: { 200: FailureClusterListView, ...PROBLEMS },
        },
      },
      async (request) => listFailureClusters((await deps.gate(request)).ctx, request.query, deps),
    );
    app.get(
      "/tls-reports",
      {
        schema: {
          tags,
          summary: "The reports, newest day first",
          description:
            "One line for each report of a sender about a domain and day. Filter by day, domain, reporter, result, MX host, policy, address and trust, and go on with nextCursor.",
          querystring: ReportListQuery,
          response: { 200: ReportListView, ...PROBLEMS },
        },
      },
      async (request) => listReports((await deps.gate(request)).ctx, request.query),
    );
    app.get(
      "/tls-reports/sources-by-day",
      {
        schema: {
          tags,
          summary: "Which sources reported about which day",
          description: "A day without a report is null: unknown, not zero.",
          querystring: SourceDaysQuery,
          response: { 200: SourceDaysView, ...PROBLEMS },
        },
      },
      async (request) => listSourceDays((await deps.gate(request)).ctx, request.query),
    );
    app.get(
      "/tls-reports/export",
      {
        schema: {
          tags,
          summary: "A range as CSV or JSON, of any size",
          description:
            "`daily` and `failures` add up to the summary; `reports` lists the reports. Sent while it is read: an export that breaks off is not complete.",
          querystring: ReportExportQuery,
          response: { 200: RAW, ...PROBLEMS },
        },
      },
      async (request, reply) =>
        sendFile(
          reply,
          await exportReports((await deps.gate(request, { account: "named" })).ctx, request.query),
        ),
    );
    app.get(
      "/tls-reports/:id",
      {
        schema: {
          tags,
          summary: "A report",
          description:
            "Everything the sender said, with each failure explained: what it means, and who can fix it.",
          params: IdParams,
          response: { 200: ReportView, ...PROBLEMS },
        },
      },
      async (request) => getReport((await deps.gate(request)).ctx, { reportId: request.params.id }, deps),
    );
    app.get(
      "/tls-reports/:id/raw",
      {
        schema: {
          tags,
          summary: "The message the report came in, byte for byte",
          description: "As evidence. Kept for the days that GET /account/retention says.",
          params: IdParams,
          response: { 200: RAW, ...PROBLEMS },
        },
      },
      async (request, reply) =>
        sendRaw(reply, await getReportRaw((await deps.gate(request)).ctx, { reportId: request.params.id })),
    );
  };
}
