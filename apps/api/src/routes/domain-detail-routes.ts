import {
  AlertExplanationView,
  CertificateView,
  DomainSurveyView,
  EventListQuery,
  EventListView,
  FetchQuery,
  FetchSummaryView,
  MxListView,
  PageQuery,
} from "@waxseal/contract";
import { listEvents } from "@waxseal/core/audit";
import { getAlertExplanation, getDomainCertificate, listMxHosts } from "@waxseal/core/domain-views";
import type { FindNetwork } from "@waxseal/core/networks";
import { type SurveyDeps, surveyDomain } from "@waxseal/core/onboarding";
import { listPolicyFetches } from "@waxseal/core/policies";
import type { FastifyPluginAsyncZod } from "fastify-type-provider-zod";
import type { Gate } from "../http/request-gate.ts";
import { IdParams, PROBLEMS } from "../http/route-schema.ts";

const tags = ["Domains"];

/** `/domains/:id/certificate`, `/mx`, `/survey`, `/events` and `/fetches`. */
export function domainDetailRoutes(
  deps: SurveyDeps & { gate: Gate; findNetwork: FindNetwork },
): FastifyPluginAsyncZod {
  return async (app) => {
    app.get(
      "/domains/:id/certificate",
      {
        schema: {
          tags,
          summary: "The state of the policy host's certificate",
          description:
            "Who issued it, until when it lasts, when it is renewed, and the last failure in words. It is renewed automatically.",
          params: IdParams,
          response: { 200: CertificateView, ...PROBLEMS },
        },
      },
      async (request) =>
        getDomainCertificate((await deps.gate(request)).ctx, { domainId: request.params.id }),
    );
    app.get(
      "/domains/:id/conditions",
      {
        schema: {
          tags: ["Alerts"],
          summary: "Everything that is watched of a domain, and why it is or is not an alert",
          description:
            "One line for each condition: since when, how severe, and what is known. Unknown is neither good nor bad.",
          params: IdParams,
          querystring: PageQuery,
          response: { 200: AlertExplanationView, ...PROBLEMS },
        },
      },
      async (request) => {
        const { ctx } = await deps.gate(request);
        return getAlertExplanation(ctx, { domainId: request.params.id, ...request.query });
      },
    );
    app.get(
      "/domains/:id/mx",
      {
        schema: {
          tags,
          summary: "The MX hosts, and whether the policy allows each (RFC 8461 §4.1)",
          description: "Each with the state of its STARTTLS and certificate, and when it was last looked at.",
          params: IdParams,
          querystring: PageQuery,
          response: { 200: MxListView, ...PROBLEMS },
        },
      },
      async (request) => {
        const { ctx } = await deps.gate(request);
        return listMxHosts(ctx, { domainId: request.params.id, ...request.query });
      },
    );
    app.get(
      "/domains/:id/survey",
      {
        config: { rateLimit: { max: 60, timeWindow: 60_000 } },
        schema: {
          tags,
          summary: "What the domain's DNS has today, who hosts it, and what the three CNAMEs will change",
          description:
            "For the setup page: finds the DNS provider, and an MTA-STS or TLS-RPT record that the CNAMEs will replace.",
          params: IdParams,
          response: { 200: DomainSurveyView, ...PROBLEMS },
        },
      },
      async (request) => surveyDomain((await deps.gate(request)).ctx, { domainId: request.params.id }, deps),
    );
    app.get(
      "/domains/:id/events",
      {
        schema: {
          tags,
          summary: "What happened to the domain, newest first",
          description: "The part of the audit log that is about this domain. Go on with nextCursor.",
          params: IdParams,
          querystring: EventListQuery.omit({ scope: true }),
          response: { 200: EventListView, ...PROBLEMS },
        },
      },
      async (request) =>
        listEvents((await deps.gate(request)).ctx, { ...request.query, domainId: request.params.id }),
    );
    app.get(
      "/domains/:id/fetches",
      {
        schema: {
          tags,
          summary: "Who fetched which version of the policy, and which TLS handshakes failed",
          description:
            "By hour for up to 48 hours, otherwise by day. Senders that fetched an old version only may still have it cached.",
          params: IdParams,
          querystring: FetchQuery,
          response: { 200: FetchSummaryView, ...PROBLEMS },
        },
      },
      async (request) =>
        listPolicyFetches(
          (await deps.gate(request)).ctx,
          { ...request.query, domainId: request.params.id },
          deps,
        ),
    );
  };
}
