import {
  AccountChoiceBody,
  CustomerBody,
  CustomerChangeBody,
  CustomerListQuery,
  CustomerListView,
  CustomerReportsQuery,
  CustomerReportsView,
  CustomerView,
  DigestQuery,
  DigestView,
  FindQuery,
  FoundView,
  HomeView,
  PortfolioQuery,
  PortfolioView,
} from "@waxseal/contract";
import { changeCustomer, chooseAccount, createCustomer } from "@waxseal/core/accounts";
import {
  findAnything,
  getCustomer,
  getDigest,
  getHome,
  listCustomers,
  listPortfolio,
  summarizeCustomers,
} from "@waxseal/core/portfolio";
import type { FastifyPluginAsyncZod } from "fastify-type-provider-zod";
import { z } from "zod";
import type { Gate } from "../http/request-gate.ts";
import { PROBLEMS } from "../http/route-schema.ts";

const tags = ["Customers"];
const CustomerParams = z.object({ id: z.string().regex(/^[\w-]{1,100}$/) });

/** `/customers`, and `/me/account` to work in one of them. */
export function customerRoutes(deps: { gate: Gate }): FastifyPluginAsyncZod {
  return async (app) => {
    app.get(
      "/home",
      {
        schema: {
          tags: ["Account"],
          summary: "Whether mail is safe, what needs you, what changed and what is next",
          description: "Of a provider with the domains of all its customers.",
          response: { 200: HomeView, ...PROBLEMS },
        },
      },
      async (request) => getHome((await deps.gate(request)).ctx),
    );
    app.get(
      "/find",
      {
        schema: {
          tags: ["Account"],
          summary: "Find a domain, customer, reporter or report by a part of its name",
          description:
            "Domains of this account and its customers, its customers, and reporters and reports of the last 30 days. A few of each, those that begin with the text first. For complete lists ask the list itself.",
          querystring: FindQuery,
          response: { 200: FoundView, ...PROBLEMS },
        },
      },
      async (request) => findAnything((await deps.gate(request)).ctx, request.query),
    );
    app.get(
      "/digest",
      {
        schema: {
          tags: ["Account"],
          summary: "What happened in a day, a week or a month: the same that is mailed",
          description: "Of a provider with the domains of all its customers.",
          querystring: DigestQuery,
          response: { 200: DigestView, ...PROBLEMS },
        },
      },
      async (request) => getDigest((await deps.gate(request)).ctx, request.query),
    );
    app.get(
      "/customers",
      {
        schema: {
          tags,
          summary: "The accounts this one manages, those with problems first",
          description:
            "With domains counted by health and the figures of 14 days. Find one by q, or by exactly its externalId. Go on with nextCursor.",
          querystring: CustomerListQuery,
          response: { 200: CustomerListView, ...PROBLEMS },
        },
      },
      async (request) => listCustomers((await deps.gate(request)).ctx, request.query),
    );
    app.get(
      "/customers/reports",
      {
        schema: {
          tags,
          summary: "What proven reports say of this account and each of its customers",
          description: "Of at most 400 days in one call. Days without a report are null.",
          querystring: CustomerReportsQuery,
          response: { 200: CustomerReportsView, ...PROBLEMS },
        },
      },
      async (request) => summarizeCustomers((await deps.gate(request)).ctx, request.query),
    );
    app.get(
      "/customers/:id",
      {
        schema: {
          tags,
          summary: "A customer",
          description: "Domains counted by health, and the figures of 14 days.",
          params: CustomerParams,
          response: { 200: CustomerView, ...PROBLEMS },
        },
      },
      async (request) => getCustomer((await deps.gate(request)).ctx, { customerId: request.params.id }),
    );
    app.get(
      "/customers/domains",
      {
        schema: {
          tags,
          summary: "The domains of this account and of all its customers, those that need attention first",
          description:
            "Each with its account. Filter by health, status, customer, tag or a part of the name, and go on with nextCursor.",
          querystring: PortfolioQuery,
          response: { 200: PortfolioView, ...PROBLEMS },
        },
      },
      async (request) => listPortfolio((await deps.gate(request)).ctx, request.query),
    );
    app.post(
      "/customers",
      {
        schema: {
          tags,
          summary: "Make an account for a customer",
          description:
            "Name the customer in the header X-Waxseal-Account to work in it. With an externalId that one of your customers has, nothing is made: 200 with that customer when its name is the same, otherwise 409 with the reason external_id_taken and its id.",
          body: CustomerBody,
          response: { 200: CustomerView, 201: CustomerView, ...PROBLEMS },
        },
      },
      async (request, reply) => {
        const { ctx } = await deps.gate(request);
        const { customer, isNew } = await createCustomer(ctx, request.body);
        return reply.code(isNew ? 201 : 200).send(await getCustomer(ctx, { customerId: customer.id }));
      },
    );
    app.patch(
      "/customers/:id",
      {
        schema: {
          tags,
          summary: "Change a customer's name or externalId",
          description:
            "What is left out stays as it is; externalId null takes it away. An externalId of another of your customers is refused with 409, the reason external_id_taken and that customer's id.",
          params: CustomerParams,
          body: CustomerChangeBody,
          response: { 200: CustomerView, ...PROBLEMS },
        },
      },
      async (request) => {
        const { ctx } = await deps.gate(request);
        const customerId = request.params.id;
        await changeCustomer(ctx, { customerId, ...request.body });
        return getCustomer(ctx, { customerId });
      },
    );
    app.put(
      "/me/account",
      {
        schema: {
          tags: ["Account"],
          summary: "Where the dashboard starts: one of your own accounts, or a customer",
          description: "Only the dashboard uses it; requests name their account themselves.",
          body: AccountChoiceBody,
          response: { 204: z.null(), ...PROBLEMS },
        },
      },
      async (request, reply) => {
        const { ctx, sessionId, ssoAccountId } = await deps.gate(request, { forSetup: true, account: "any" });
        await chooseAccount(ctx, { sessionId, ssoAccountId, accountId: request.body.accountId });
        return reply.code(204).send(null);
      },
    );
  };
}
