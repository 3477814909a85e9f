import type { TagBody, TaggedView } from "@waxseal/contract";
import type { z } from "zod";
import type { Context } from "../context.ts";
import { tagDomains } from "../domains/tag-domains.ts";
import { requirePermission } from "../require-permission.ts";
import { chooseDomains } from "./choose-domains.ts";

const MAX_DOMAINS = 10_000;

/**
 * Adds tags to domains and removes others: of some, or of all that a filter leaves; all of it or nothing.
 * @throws AppError as `chooseDomains` and `tagDomains`
 */
export async function tagChosenDomains(
  ctx: Context,
  { add, remove, ...selection }: z.infer<typeof TagBody>,
): Promise<z.infer<typeof TaggedView>> {
  requirePermission(ctx, "domains.change");
  const found = await chooseDomains(ctx, selection, MAX_DOMAINS);
  return tagDomains(ctx, { domainIds: found.map(({ id }) => id), add, remove });
}
