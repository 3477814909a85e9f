import type { InstructionsView, PageQuery } from "@waxseal/contract";
import type { Database } from "@waxseal/db";
import type { z } from "zod";
import { findBrand, presentColors } from "../brand/get-brand.ts";
import type { Context } from "../context.ts";
import type { HostingSettings } from "../hosting-settings.ts";
import {
  chooseScope,
  findSubject,
  type InstructionScope,
  type InstructionWish,
  inScope,
} from "./instruction-scope.ts";
import { readInstructionPage } from "./read-instruction-page.ts";

type View = z.infer<typeof InstructionsView>;

/**
 * The CNAMEs that domains of this account or its customers still lack, or all, by domain, a page at a time.
 * @throws AppError `not_found` – no such customer or domain
 */
export async function listInstructions(
  ctx: Context,
  { cursor, limit, ...wish }: InstructionWish & PageQuery,
  settings: HostingSettings,
): Promise<View> {
  return presentInstructions(ctx.db, await chooseScope(ctx, wish), settings, { cursor, limit });
}

/** A page of what is in a scope. */
export async function presentInstructions(
  db: Database,
  scope: InstructionScope,
  settings: HostingSettings,
  query: PageQuery,
): Promise<View> {
  const [brand, subject, counts, page] = await Promise.all([
    findBrand(db, scope.accountId),
    findSubject(db, scope),
    countDomains(db, scope),
    readInstructionPage(db, scope, settings, query),
  ]);
  return {
    from: { name: brand.name, hasLogo: brand.logo !== null, colors: presentColors(brand) },
    subject: subject?.name ?? null,
    only: scope.missingOnly ? "missing" : "all",
    ...counts,
    ...page,
  };
}

async function countDomains(
  db: Database,
  scope: InstructionScope,
): Promise<{ domains: number; incomplete: number }> {
  const [row] = await db.$queryRaw<{ domains: number; incomplete: number }[]>`
    select count(*)::int as domains,
      (count(*) filter (where (select count(*) from setup_record s
        where s.account_id = d.account_id and s.domain_id = d.id and s.state = 'correct') < 3))::int as incomplete
    from ${inScope(scope)} where d.status in ('pending', 'active')`;
  return row ?? { domains: 0, incomplete: 0 };
}
