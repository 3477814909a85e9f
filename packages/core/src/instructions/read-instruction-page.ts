import { type InstructionsView, MAX_PAGE, type PageQuery } from "@waxseal/contract";
import type { Database } from "@waxseal/db";
import type { z } from "zod";
import { presentSetupRecords } from "../domain-views/present-setup-records.ts";
import { loadDomainFacts } from "../domains/load-domain-facts.ts";
import type { HostingSettings } from "../hosting-settings.ts";
import { openCursor, sealCursor } from "../list-cursor.ts";
import { makePage } from "../list-page.ts";
import { type InstructionScope, inScope } from "./instruction-scope.ts";

type Page = Pick<z.infer<typeof InstructionsView>, "items" | "nextCursor">;

/** The next domains in scope by name, those without a CNAME or all, with their records. */
export async function readInstructionPage(
  db: Database,
  scope: InstructionScope,
  { hostedZone }: Pick<HostingSettings, "hostedZone">,
  { cursor, limit = MAX_PAGE }: PageQuery,
): Promise<Page> {
  const after = readCursor(cursor);
  // (domain, id): two customers may have the same domain.
  const found = await db.$queryRaw<
    { accountId: string; id: string; domain: string; customer: string | null }[]
  >`
    select d.account_id as "accountId", d.id, d.domain, case when a.id = ${scope.accountId} then null else a.name end as customer from ${inScope(scope)}
    where d.status in ('pending', 'active')
      and (not ${scope.missingOnly} or (select count(*) from setup_record s
        where s.account_id = d.account_id and s.domain_id = d.id and s.state = 'correct') < 3)
      and (d.domain collate natural_order, d.id) > (${after.domain} collate natural_order, ${after.id}::uuid)
    order by d.domain collate natural_order, d.id
    limit ${limit + 1}`;
  const { page, nextCursor } = makePage(found, { limit }, ({ domain, id }) => sealCursor(`${domain}_${id}`));
  const accountIds = [...new Set(page.map(({ accountId }) => accountId))];
  const rows = await db.domain.findMany({
    where: { accountId: { in: accountIds }, id: { in: page.map(({ id }) => id) } },
  });
  const facts = new Map((await loadDomainFacts(db, accountIds, rows)).map((one) => [one.row.id, one]));
  const ordered = page.flatMap(({ id }) => facts.get(id) ?? []);
  const customers = new Map(page.map(({ id, customer }) => [id, customer]));
  return {
    items: ordered.map(({ row, records }) => ({
      domain: row.domain,
      domainId: row.id,
      accountId: row.accountId,
      customer: customers.get(row.id) ?? null,
      setup: presentSetupRecords(row, records, { hostedZone }),
    })),
    nextCursor,
  };
}

const PLACE = /^([a-z0-9.-]+)_([0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12})$/;

/** None is the beginning. */
function readCursor(cursor: string | undefined): { domain: string; id: string } {
  if (cursor === undefined) return { domain: "", id: "00000000-0000-0000-0000-000000000000" };
  const [, domain = "", id = ""] = openCursor(cursor, PLACE);
  return { domain, id };
}
