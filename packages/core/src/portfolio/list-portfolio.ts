import type { PortfolioQuery, PortfolioView } from "@waxseal/contract";
import type { z } from "zod";
import type { Context } from "../context.ts";
import { listRanked } from "./list-ranked.ts";

/** The domains of this account and of the customers it manages on one list, those that need attention first. */
export async function listPortfolio(
  ctx: Context,
  query: z.infer<typeof PortfolioQuery>,
): Promise<z.infer<typeof PortfolioView>> {
  return listRanked(ctx, query, "customers");
}
