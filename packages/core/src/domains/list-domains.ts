import { domainToASCII } from "node:url";
import type { DomainListQuery, DomainListView, DomainSummaryView } from "@waxseal/contract";
import type { z } from "zod";
import type { Context } from "../context.ts";
import { describeDomainState } from "./describe-domain-state.ts";
import { type DomainFacts, loadDomainFacts } from "./load-domain-facts.ts";

/** The account's domains by name; `q` is any part of a name, `cursor` the last name of the page before. */
export async function listDomains(
  ctx: Context,
  query: z.infer<typeof DomainListQuery>,
): Promise<z.infer<typeof DomainListView>> {
  const { q, status, cursor, limit } = query;
  const rows = await ctx.db.domain.findMany({
    where: {
      accountId: ctx.accountId,
      ...(status ? { status } : {}),
      domain: {
        ...(q ? { contains: escapePattern(asTyped(q)) } : {}),
        ...(cursor === undefined ? {} : { gt: cursor }),
      },
    },
    orderBy: { domain: "asc" },
    take: limit + 1,
  });
  const page = rows.slice(0, limit);
  const facts = await loadDomainFacts(ctx.db, ctx.accountId, page);
  return {
    items: facts.map(presentDomainSummary),
    nextCursor: rows.length > limit ? (page.at(-1)?.domain ?? null) : null,
  };
}

/** A domain as lists show it. */
export function presentDomainSummary(facts: DomainFacts): z.infer<typeof DomainSummaryView> {
  const { row, records, policy, certificate } = facts;
  return {
    id: row.id,
    domain: row.domain,
    status: row.status,
    mode: policy?.mode ?? null,
    ...describeDomainState(facts, null),
    setupStates: {
      policyHost: records.policyHost.state,
      stsRecord: records.stsRecord.state,
      tlsRptRecord: records.tlsRptRecord.state,
    },
    certificateNotAfter: certificate?.notAfter.toISOString() ?? null,
    createdAt: row.createdAt.toISOString(),
  };
}

/** Part of a name as the database has it: lower case, U-labels as A-labels when it is a whole label. */
export function asTyped(q: string): string {
  const tidy = q.trim().toLowerCase();
  return /[^\p{ASCII}]/u.test(tidy) ? domainToASCII(tidy) || tidy : tidy;
}

/** "_" and "%" mean themselves. */
export function escapePattern(text: string): string {
  return text.replace(/[\\%_]/g, "\\$&");
}
