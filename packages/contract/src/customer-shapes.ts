import { z } from "zod";
import { DomainSummaryView } from "./domain-shapes.ts";

/** `POST /customers` */
export const CustomerBody = z.object({ name: z.string().trim().min(1).max(100) }).meta({ id: "NewCustomer" });

/** An account that this one manages, with its domains counted; those that have left are not. */
export const CustomerView = z
  .object({
    id: z.string(),
    name: z.string(),
    domains: z.int(),
    active: z.int(),
    pending: z.int(),
    problems: z.int().describe("Domains with a fault somebody has to act on"),
    createdAt: z.iso.datetime(),
  })
  .meta({ id: "Customer" });

/** `GET /customers` */
export const CustomerListQuery = z.object({
  q: z.string().max(255).optional().describe("Any part of the customer's name or of one of its domains"),
});

/** The customers, those with problems first. */
export const CustomerListView = z.object({ items: z.array(CustomerView) }).meta({ id: "CustomerList" });

/** Groups of the list of all domains, in its order; problem: somebody has to act on a fault. */
export const PortfolioState = z.enum(["problem", "pending", "active", "leaving", "left"]);

/** `GET /customers/domains` */
export const PortfolioQuery = z.object({
  q: z.string().max(255).optional().describe("Any part of the domain's or the customer's name"),
  state: PortfolioState.optional().describe("Without it all but those that have left"),
  accountId: z.string().max(100).optional().describe("Only of this customer, or of this account itself"),
  tag: z.string().max(40).optional().describe("Only domains with this tag"),
  cursor: z.string().max(400).optional().describe("nextCursor of the page before"),
  limit: z.coerce.number().int().min(1).max(500).default(200),
});

/** A page of the domains of this account and of all its customers: problems first, then by state and name. */
export const PortfolioView = z
  .object({
    items: z.array(
      DomainSummaryView.extend({
        state: PortfolioState,
        accountId: z.string(),
        customer: z.string().nullable().describe("null: of this account itself"),
      }).meta({ id: "PortfolioDomain" }),
    ),
    nextCursor: z.string().nullable(),
  })
  .meta({ id: "Portfolio" });

/** `PUT /me/account` */
export const AccountChoiceBody = z
  .object({ accountId: z.string().min(1).max(100) })
  .meta({ id: "AccountChoice" });
