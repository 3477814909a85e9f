import { z } from "zod";

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
    problems: z
      .int()
      .describe("Active domains whose CNAMEs are gone or wrong, or whose policy could not be published"),
    createdAt: z.iso.datetime(),
  })
  .meta({ id: "Customer" });

/** `GET /customers` */
export const CustomerListQuery = z.object({
  q: z.string().max(255).optional().describe("Any part of the customer's name or of one of its domains"),
});

/** The customers, those with problems first. */
export const CustomerListView = z.object({ items: z.array(CustomerView) }).meta({ id: "CustomerList" });

/** `PUT /me/account` */
export const AccountChoiceBody = z
  .object({ accountId: z.string().min(1).max(100) })
  .meta({ id: "AccountChoice" });
