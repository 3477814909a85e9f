import { MAX_PAGE, type PageQuery, type PolicyVersionListView } from "@waxseal/contract";
import type { z } from "zod";
import type { Context } from "../context.ts";
import { getDomain } from "../domains/get-domain.ts";
import { openCursor, sealCursor } from "../list-cursor.ts";
import { makePage } from "../list-page.ts";
import { presentPolicyVersion } from "./present-policy-version.ts";

/**
 * The versions of a domain's policy with their horizons, newest first.
 * @throws AppError `not_found` – no such domain in this account
 * @throws AppError `invalid` – the cursor
 */
export async function listPolicyVersions(
  ctx: Context,
  { domainId, ...query }: PageQuery & { domainId: string },
): Promise<z.infer<typeof PolicyVersionListView>> {
  const { accountId, db } = ctx;
  const domain = await getDomain(db, accountId, domainId);
  const key = { accountId, domainId: domain.id };
  const [, before] = query.cursor === undefined ? [] : openCursor(query.cursor, /^v(\d{1,9})$/);
  const rows = await db.policyVersion.findMany({
    where: { ...key, ...(before !== undefined && { version: { lt: Number(before) } }) },
    orderBy: { version: "desc" },
    take: (query.limit ?? MAX_PAGE) + 1,
  });
  const { page, nextCursor } = makePage(rows, query, ({ version }) => sealCursor(`v${version}`));
  const first = await db.policyVersion.aggregate({ where: key, _min: { publishedAt: true } });
  const firstPublishedAt = first._min.publishedAt ?? undefined;
  return { items: page.map((row) => presentPolicyVersion(row, firstPublishedAt)), nextCursor };
}
