import { z } from "zod";
import { DomainStatus, DomainSummaryView, ReportFigures } from "./domain-shapes.ts";
import { HealthFilter } from "./health-shapes.ts";
import { MAX_PAGE, pageAnswer, pageQuery } from "./page-shapes.ts";

/** A provider's own name for one of its customers, compared exactly. */
export const ExternalId = z
  .string()
  .regex(
    /^[^\s\p{C}](?:[^\p{C}]{0,198}[^\s\p{C}])?$/u,
    "must be 1 to 200 visible characters without spaces at its ends",
  )
  .describe(
    "Your own name for the customer, such as its number in your CRM: 1 to 200 characters, unique among your customers",
  );

/** `POST /customers` */
export const CustomerBody = z
  .object({ name: z.string().trim().min(1).max(100), externalId: ExternalId.optional() })
  .meta({ id: "NewCustomer" });

/** `PATCH /customers/{id}`: fields that are left out stay as they are. */
export const CustomerChangeBody = z
  .object({
    name: z.string().trim().min(1).max(100).optional(),
    externalId: ExternalId.nullable().optional().describe("null takes it away"),
  })
  .refine(({ name, externalId }) => name !== undefined || externalId !== undefined, {
    error: "Name a field to change: name or externalId.",
  })
  .meta({ id: "CustomerChange" });

/** An account that this one manages, with its domains counted; those that have left are not. */
export const CustomerView = z
  .object({
    id: z.string(),
    name: z.string(),
    externalId: z.string().nullable(),
    domains: z.int(),
    mailFailing: z.int(),
    attention: z.int().describe("Domains that need attention, those whose mail fails among them"),
    settingUp: z.int(),
    good: z.int(),
    reports: ReportFigures.nullable().describe("null: reports cannot be read now"),
    createdAt: z.iso.datetime(),
  })
  .meta({ id: "Customer" });

/** `GET /customers` */
export const CustomerListQuery = z.object({
  q: z.string().max(255).optional().describe("Any part of the customer's name or of one of its domains"),
  externalId: z.string().max(200).optional().describe("Only the customer with exactly this externalId"),
  ...pageQuery(MAX_PAGE),
});

/** The customers, those with domains that need attention first. */
export const CustomerListView = z
  .object({ items: z.array(CustomerView), ...pageAnswer })
  .meta({ id: "CustomerList" });

/** `GET /customers/domains` */
export const PortfolioQuery = z.object({
  q: z.string().max(255).optional().describe("Any part of the domain's or the customer's name"),
  health: HealthFilter.optional().describe("Without it and `status` all but those that have left"),
  status: DomainStatus.optional(),
  accountId: z.string().max(100).optional().describe("Only of this customer, or of this account itself"),
  tag: z.string().max(40).optional().describe("Only domains with this tag"),
  ...pageQuery(200),
});

/** A page of the domains of this account and of all its customers: those that need attention first, then by health and name. */
export const PortfolioView = z
  .object({
    items: z.array(
      DomainSummaryView.extend({
        accountId: z.string(),
        customer: z.string().nullable().describe("null: of this account itself"),
      }).meta({ id: "PortfolioDomain" }),
    ),
    ...pageAnswer,
    total: z.int().nullable().describe("How many domains match; null on all pages but the first"),
  })
  .meta({ id: "Portfolio" });

/** `GET /customers/reports` */
export const CustomerReportsQuery = z.object({
  from: z.iso
    .date()
    .optional()
    .describe(
      "First day, UTC. Without from and to: the last 14 complete days; without from alone: 29 days before to",
    ),
  to: z.iso.date().optional().describe("Last day, UTC; with from alone: today"),
  ...pageQuery(MAX_PAGE),
});

const customerFigures = {
  domains: z.int().describe("Without those that have left"),
  failingDomains: z
    .int()
    .describe("Failing domains: mail is refused, or would be if their policy were enforced"),
  ...ReportFigures.shape,
};

/** What proven reports say of this account and of each of its customers, all of their domains together. */
export const CustomerReportsView = z
  .object({
    from: z.iso.date(),
    to: z.iso.date(),
    totals: z.object(customerFigures).describe("Of all items together, of whatever page"),
    ...pageAnswer,
    items: z.array(
      z.object({
        accountId: z.string(),
        customer: z.string().nullable().describe("null: this account itself"),
        externalId: z.string().nullable(),
        ...customerFigures,
      }),
    ),
  })
  .meta({ id: "CustomerReports" });

/** `PUT /me/account` */
export const AccountChoiceBody = z
  .object({ accountId: z.string().min(1).max(100) })
  .meta({ id: "AccountChoice" });
