import type { AlertExplanationView, PageQuery } from "@waxseal/contract";
import type { z } from "zod";
import type { Context } from "../context.ts";
import { getDomain } from "../domains/get-domain.ts";
import { loadDomainFacts } from "../domains/load-domain-facts.ts";
import { pageOf } from "../list-page.ts";
import { loadJudgements } from "../watching/load-judgements.ts";
import { explainConditions } from "./explain-conditions.ts";

/** For every condition that is watched of a domain: what was looked at, the threshold, and why it is or is not an alert. @throws AppError `not_found` */
export async function getAlertExplanation(
  ctx: Context,
  { domainId, ...query }: PageQuery & { domainId: string },
): Promise<z.infer<typeof AlertExplanationView>> {
  const { db, reports, accountId } = ctx;
  const row = await getDomain(db, accountId, domainId);
  const facts = await loadDomainFacts(db, accountId, [row]);
  const judgement = (await loadJudgements({ db, reports }, facts, ctx.now())).get(row.id);
  const items = judgement ? explainConditions(judgement) : [];
  return pageOf({ domain: row.domain, items }, query, ({ condition, subject }) => `${condition} ${subject}`);
}
