import type { Alert } from "@waxseal/db";
import { DAY_MS } from "@waxseal/runtime/time-spans";
import type { DomainFacts } from "../domains/load-domain-facts.ts";
import { type Finding, type JudgedFacts, judgeDomain } from "../judging/judge-domain.ts";
import { loadJudgedFacts, type Readers } from "./load-judged-facts.ts";
import { findingOf } from "./stored-finding.ts";

/** What is wrong with a domain now, what that is judged by, its alerts that are not resolved, and those that resolved after opening lately. */
export type Judgement = { facts: JudgedFacts; findings: Finding[]; alerts: Alert[]; recent: Alert[] };

/** Openings of a condition count for so long when it is judged whether it comes and goes. */
const OPENINGS_MS = DAY_MS;

/** Judges some domains by what is stored, in a fixed number of queries, and writes nothing. Answers by domain id. */
export async function loadJudgements(
  readers: Readers,
  all: readonly DomainFacts[],
  now: Date,
): Promise<ReadonlyMap<string, Judgement>> {
  const accounts = [...new Set(all.map(({ row }) => row.accountId))];
  const facts = await loadJudgedFacts(readers, accounts, all, now);
  const stored = await readers.db.alert.findMany({
    where: {
      accountId: { in: accounts },
      domainId: { in: all.map(({ row }) => row.id) },
      OR: [{ resolvedAt: null }, { openedAt: { gt: new Date(now.getTime() - OPENINGS_MS) } }],
    },
  });
  const alertsOf = Map.groupBy(stored, ({ domainId }) => domainId);
  return new Map(
    [...facts].map(([domainId, known]) => {
      const own = alertsOf.get(domainId) ?? [];
      const alerts = own.filter(({ resolvedAt }) => resolvedAt === null);
      const recent = own.filter(({ resolvedAt }) => resolvedAt !== null);
      const previous = alerts.flatMap((alert) => findingOf(alert) ?? []);
      return [domainId, { facts: known, findings: judgeDomain(known, previous, now), alerts, recent }];
    }),
  );
}
