import type { DomainListQuery, DomainListView } from "@waxseal/contract";
import type { z } from "zod";
import type { Context } from "../context.ts";
import { listRanked } from "./list-ranked.ts";

/** The account's domains, those that need attention first; `q` is any part of a name. */
export async function listDomains(
  ctx: Context,
  query: z.infer<typeof DomainListQuery>,
): Promise<z.infer<typeof DomainListView>> {
  const { items, ...page } = await listRanked(ctx, query, "account");
  return { items: items.map(({ accountId: _, customer: __, ...item }) => item), ...page };
}
