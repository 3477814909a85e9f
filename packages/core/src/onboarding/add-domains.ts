import type { BulkAddBody, BulkAddView, ProblemReason } from "@waxseal/contract";
import type { Domain } from "@waxseal/db";
import type { z } from "zod";
import { ensureCustomers } from "../accounts/ensure-customers.ts";
import { findCustomersByName } from "../accounts/find-customers-by-name.ts";
import { AppError } from "../app-error.ts";
import type { Context } from "../context.ts";
import { findDomain } from "../domains/find-domain.ts";
import { normalizeDomainInput } from "../domains/normalize-domain-input.ts";
import type { HostingSettings } from "../hosting-settings.ts";
import { requirePermission } from "../require-permission.ts";
import { ownerName, RECORD_KINDS, targetName } from "../setup-names.ts";
import { addDomain } from "./add-domain.ts";
import { type AddNamedDomainDeps, askAboutListed } from "./add-named-domain.ts";

type Wanted = { domain: string; customer: string | null; externalId: string | undefined };
type Customers = { byName: ReadonlyMap<string, string[]>; byExternalId: ReadonlyMap<string, string> };
type Result = z.infer<typeof BulkAddView>["items"][number];

/** Each waits for DNS most of the time. */
const ADDED_AT_ONCE = 5;

/**
 * Adds up to 25 domains to this account or to those of its customers, each on its own: one that is refused keeps none of the others away.
 *
 * One that is there already stays as it is, so a list that broke off is simply sent again. Customers are named in any
 * case, or by their externalId; a name that several customers have is refused. Unknown ones are made when `createCustomers` says so. A domain that does not exist, receives no mail or looks like a host is
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
  const wanted = input.items.map(({ domain, customer, customerExternalId }) => ({
    domain,
    externalId: customerExternalId,
    customer: customer?.replace(/\s+/g, " ").trim() || null,
  }));
  const customers = await findCustomers(ctx, wanted, input.createCustomers ?? false);
  const items: Result[] = [];
  for (let start = 0; start < wanted.length; start += ADDED_AT_ONCE) {
    const group = wanted.slice(start, start + ADDED_AT_ONCE);
    items.push(
      ...(await Promise.all(group.map((one) => addOne(ctx, one, customers, { ...deps, ask: input.ask })))),
    );
  }
  return { items };
}

async function findCustomers(ctx: Context, wanted: readonly Wanted[], create: boolean): Promise<Customers> {
  const names = wanted.flatMap(({ customer, externalId }) =>
    externalId === undefined ? (customer ?? []) : [],
  );
  const byName = await (create ? ensureCustomers(ctx, names) : findCustomersByName(ctx, names));
  const externalIds = wanted.flatMap(({ externalId }) => externalId ?? []);
  const rows =
    externalIds.length === 0
      ? []
      : await ctx.db.organization.findMany({
          where: { parentId: ctx.accountId, externalId: { in: externalIds } },
          select: { id: true, externalId: true },
        });
  return { byName, byExternalId: new Map(rows.map(({ id, externalId }) => [externalId ?? "", id])) };
}

/** Why a line cannot be added when several customers have its name. */
export function refuseAmbiguous(count: number, name: string): string {
  return `There are ${count} customers named ${name}. Rename one of them, or name the customer by its externalId.`;
}

/** The account that a domain is for, or why there is none. */
function findTarget(ctx: Context, { customer, externalId }: Wanted, customers: Customers): Target {
  if (externalId !== undefined) {
    const accountId = customers.byExternalId.get(externalId);
    if (accountId !== undefined) return { accountId };
    return { reason: "no_such_object", problem: `There is no customer with the externalId ${externalId}.` };
  }
  if (customer === null) return { accountId: ctx.accountId };
  const [accountId, ...others] = customers.byName.get(customer.toLowerCase()) ?? [];
  if (accountId === undefined)
    return { reason: "no_such_object", problem: `There is no customer ${customer}.` };
  if (others.length === 0) return { accountId };
  return { reason: "customer_ambiguous", problem: refuseAmbiguous(others.length + 1, customer) };
}

type Target = { accountId: string } | { reason: ProblemReason; problem: string };

async function addOne(
  ctx: Context,
  wanted: Wanted,
  customers: Customers,
  { ask, ...deps }: AddNamedDomainDeps & { ask: boolean | undefined },
): Promise<Result> {
  const { customer } = wanted;
  const found = findTarget(ctx, wanted, customers);
  if (!("accountId" in found)) return refused(wanted, found.reason, found.problem);
  const { accountId } = found;
  const target = { ...ctx, accountId };
  try {
    if (ask) await askAboutListed(target, wanted.domain, deps);
    const added = await addDomain(target, wanted, deps);
    return present(added, customer, "added", deps.settings);
  } catch (error) {
    if (!(error instanceof AppError)) throw error;
    const meant = normalizeDomainInput(wanted.domain, deps.settings);
    const there = error.code === "conflict" && meant.ok ? await findDomain(target, meant.domain) : undefined;
    if (!there) return refused(wanted, error.reason, error.message);
    return present(there, customer, "present", deps.settings);
  }
}

function present(
  { id: domainId, accountId, domain, token }: Domain,
  customer: string | null,
  outcome: "added" | "present",
  { hostedZone }: HostingSettings,
): Result {
  const setup = RECORD_KINDS.map((kind) => ({
    kind,
    type: "CNAME" as const,
    name: ownerName(kind, domain),
    target: targetName(kind, token, hostedZone),
  }));
  return { domain, customer, accountId, outcome, reason: null, problem: null, domainId, setup };
}

function refused({ domain, customer }: Wanted, reason: ProblemReason, problem: string): Result {
  return {
    domain,
    customer,
    accountId: null,
    outcome: "refused",
    reason,
    problem,
    domainId: null,
    setup: [],
  };
}
