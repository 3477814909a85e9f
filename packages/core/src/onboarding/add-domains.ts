import type { BulkAddBody, BulkAddView } from "@waxseal/contract";
import type { z } from "zod";
import { ensureCustomers } from "../accounts/ensure-customers.ts";
import { findCustomersByName } from "../accounts/find-customers-by-name.ts";
import { AppError } from "../app-error.ts";
import type { Context } from "../context.ts";
import { findDomain } from "../domains/find-domain.ts";
import { normalizeDomainInput } from "../domains/normalize-domain-input.ts";
import { requirePermission } from "../require-permission.ts";
import { addDomain } from "./add-domain.ts";
import { type AddNamedDomainDeps, askAboutListed } from "./add-named-domain.ts";

type Wanted = { domain: string; customer: string | null };
type Result = z.infer<typeof BulkAddView>["items"][number];

/** Each waits for DNS most of the time. */
const ADDED_AT_ONCE = 5;

/**
 * Adds up to 25 domains to this account or to those of its customers, each on its own: one that is refused keeps none of the others away.
 *
 * One that is there already stays as it is, so a list that broke off is simply sent again. Customers are named in any
 * case; unknown ones are made when `createCustomers` says so. A domain that does not exist, receives no mail or looks like a host is
 * refused when `ask` says so.
 *
 * @throws AppError `forbidden` – domains may not be added, or customers not be made
 */
export async function addDomains(
  ctx: Context,
  input: z.infer<typeof BulkAddBody>,
  deps: AddNamedDomainDeps,
): Promise<z.infer<typeof BulkAddView>> {
  requirePermission(ctx, "domains.change");
  const wanted = input.items.map(({ domain, customer }) => ({
    domain,
    customer: customer?.replace(/\s+/g, " ").trim() || null,
  }));
  const names = wanted.flatMap(({ customer }) => customer ?? []);
  const customers = await (input.createCustomers
    ? ensureCustomers(ctx, names)
    : findCustomersByName(ctx, names));
  const items: Result[] = [];
  for (let start = 0; start < wanted.length; start += ADDED_AT_ONCE) {
    const group = wanted.slice(start, start + ADDED_AT_ONCE);
    items.push(
      ...(await Promise.all(group.map((one) => addOne(ctx, one, customers, { ...deps, ask: input.ask })))),
    );
  }
  return { items };
}

async function addOne(
  ctx: Context,
  wanted: Wanted,
  customers: ReadonlyMap<string, string>,
  { ask, ...deps }: AddNamedDomainDeps & { ask: boolean | undefined },
): Promise<Result> {
  const { customer } = wanted;
  const accountId = customer === null ? ctx.accountId : customers.get(customer.toLowerCase());
  if (accountId === undefined) return refused(wanted, `There is no customer ${customer}.`);
  const target = { ...ctx, accountId };
  try {
    if (ask) await askAboutListed(target, wanted.domain, deps);
    const added = await addDomain(target, wanted, deps);
    return { domain: added.domain, customer, outcome: "added", problem: null, domainId: added.id };
  } catch (error) {
    if (!(error instanceof AppError)) throw error;
    const meant = normalizeDomainInput(wanted.domain, deps.settings);
    const present =
      error.code === "conflict" && meant.ok ? await findDomain(target, meant.domain) : undefined;
    if (!present) return refused(wanted, error.message);
    return { domain: present.domain, customer, outcome: "present", problem: null, domainId: present.id };
  }
}

function refused({ domain, customer }: Wanted, problem: string): Result {
  return { domain, customer, outcome: "refused", problem, domainId: null };
}
