import type { DomainPreviewView } from "@waxseal/contract";
import { mayDo } from "@waxseal/contract";
import type { z } from "zod";
import { findCustomersByName } from "../accounts/find-customers-by-name.ts";
import { AppError } from "../app-error.ts";
import type { Context } from "../context.ts";
import { normalizeDomainInput } from "../domains/normalize-domain-input.ts";
import { requirePermission } from "../require-permission.ts";
import { refuseAmbiguous } from "./add-domains.ts";
import { type DomainLine, readDomainLines } from "./read-domain-lines.ts";

type View = z.infer<typeof DomainPreviewView>;
type Line = View["items"][number];

const MAX_LINES = 1_000;

/**
 * What adding each line of a pasted list or CSV file would do: the domain and customer it means, or why it is refused.
 * Nothing is added. Columns as `readDomainLines` finds them. Of a domain that is listed twice the first line counts.
 * @throws AppError `forbidden`; `limit_reached` – more than 1,000 lines
 */
export async function previewDomains(
  ctx: Context,
  input: { text: string },
  deps: { settings: { hostedZone: string } },
): Promise<View> {
  requirePermission(ctx, "domains.change");
  const lines = readDomainLines(input.text);
  if (lines.length > MAX_LINES)
    throw new AppError("limit_reached", "A list has at most 1,000 lines.", { reason: "too_large" });
  const own = await ctx.db.organization.findUniqueOrThrow({ where: { id: ctx.accountId } });
  const customers = await findCustomersByName(
    ctx,
    lines.flatMap(({ customer }) => customer ?? []),
  );
  const read = lines.map((line) => readMeaning(line, deps.settings));
  const holders = await findHolders(ctx, read);
  const firstLines = new Map<string, number>();
  const items = read.map((item): Line => {
    if (item.domain === null) return item;
    const first = firstLines.get(item.domain);
    firstLines.set(item.domain, first ?? item.line);
    if (first !== undefined) return { ...item, problem: `The same domain as in line ${first}.` };
    const holder = holders.get(item.domain);
    if (holder !== undefined) return { ...item, problem: holder };
    const named = item.customer === null ? [] : (customers.get(item.customer.toLowerCase()) ?? []);
    if (named.length > 1) return { ...item, problem: refuseAmbiguous(named.length, item.customer ?? "") };
    const known = item.customer === null || named.length > 0;
    return known ? item : { ...item, problem: refuseNewCustomer(ctx, own.parentId, item.customer ?? "") };
  });
  const wanted = items.flatMap(({ customer, problem }) => (problem === null && customer ? customer : []));
  const unknown = wanted.filter((name) => !customers.has(name.toLowerCase()));
  return { items, newCustomers: [...new Map(unknown.map((name) => [name.toLowerCase(), name])).values()] };
}

function readMeaning(line: DomainLine, settings: { hostedZone: string }): Line {
  const meant = line.problem === null ? normalizeDomainInput(line.domain, settings) : undefined;
  return {
    line: line.line,
    text: line.text,
    domain: meant?.ok ? meant.domain : null,
    customer: line.customer,
    problem: meant === undefined ? line.problem : meant.ok ? null : meant.problem,
  };
}

function refuseNewCustomer(ctx: Context, parentId: string | null, name: string): string | null {
  if (parentId !== null) return "A customer has no customers of its own.";
  if (name.length > 100) return "The customer's name is longer than 100 characters.";
  if (ctx.role === "system" || mayDo(ctx.role, "customers.manage")) return null;
  return `There is no customer ${name}, and you may not make one.`;
}

/** Returns a sentence about the holder of each domain that this account or one of its customers already has. */
async function findHolders(ctx: Context, lines: readonly Line[]): Promise<Map<string, string>> {
  const { accountId, db } = ctx;
  const domains = lines.flatMap(({ domain }) => domain ?? []);
  const rows = await db.$queryRaw<{ domain: string; accountId: string; name: string }[]>`
    select d.domain, d.account_id as "accountId", a.name
    from domain d join account a on a.id = d.account_id
    where d.domain = any(${domains}) and d.status <> 'left' and (a.id = ${accountId} or a.parent_id = ${accountId})
    order by (a.id = ${accountId})`;
  return new Map(
    rows.map((row) => [
      row.domain,
      row.accountId === accountId ? "Already in this account." : `Already with ${row.name}.`,
    ]),
  );
}
