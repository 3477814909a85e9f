import type { AcmeUseKind, Transaction } from "@waxseal/db";
import { getDomain } from "tldts";
import type { Context } from "../context.ts";
import {
  type BudgetRule,
  budgetRules,
  describeHeldOrder,
  type HeldOrder,
  heldUntil,
} from "./budget-rules.ts";
import { type CaLimits, findCaLimits } from "./known-cas.ts";
import type { OrderLane } from "./order-lane.ts";

/** Largest clock skew between workers that we tolerate. */
const AHEAD_MS = 3_600_000;

type Order = {
  directoryUrl: string;
  host: string;
  lane: OrderLane;
  kind: "order" | "renewal";
  /** In place of the published ones, for tests. */
  limits?: CaLimits | undefined;
};

/**
 * Counts one order against the limits of its CA, or returns the limit that is used up and when it refills. A lock keeps any number of workers
 * within the limits together. A failed order still counts.
 */
export async function reserveOrder(ctx: Context, order: Order): Promise<HeldOrder | undefined> {
  const { directoryUrl, host, lane, kind } = order;
  const limits = order.limits ?? findCaLimits(directoryUrl);
  const use = { directoryUrl, host, registeredDomain: registeredDomainOf(host) };
  return ctx.inTransaction(async (db) => {
    await db.$executeRaw`select pg_advisory_xact_lock(hashtextextended(${`acme_use ${directoryUrl}`}, 0))`;
    const now = ctx.now();
    for (const rule of limits ? budgetRules(limits, lane, kind) : []) {
      const held = heldUntil(rule, await findCountthNewest(db, use, rule, now), now);
      if (held) return { heldUntil: held, reason: describeHeldOrder(rule, use, held) };
    }
    await db.acmeUse.create({ data: { ...use, kind, slow: lane === "slow", at: now } });
    return undefined;
  });
}

/** Counts a validation that failed. */
export async function countFailedValidation(
  db: Transaction,
  { directoryUrl, host, at }: { directoryUrl: string; host: string; at: Date },
): Promise<void> {
  const registeredDomain = registeredDomainOf(host);
  await db.acmeUse.create({ data: { directoryUrl, host, registeredDomain, kind: "failedValidation", at } });
}

type Use = { directoryUrl: string; host: string; registeredDomain: string };

async function findCountthNewest(
  db: Transaction,
  use: Use,
  rule: BudgetRule,
  now: Date,
): Promise<Date | undefined> {
  const { directoryUrl, host, registeredDomain } = use;
  const kinds: AcmeUseKind[] = [...rule.kinds];
  const found = await db.acmeUse.findFirst({
    where: {
      directoryUrl,
      kind: { in: kinds },
      // Of the host too, so that one index serves both.
      ...(rule.scope !== "account" && { registeredDomain }),
      ...(rule.scope === "host" && { host }),
      ...(rule.slowOnly && { slow: true }),
      // One from a clock that was ahead would hold orders back until that time comes; the CA's own 429 does for those few.
      at: { lte: new Date(now.getTime() + AHEAD_MS) },
    },
    orderBy: { at: "desc" },
    skip: rule.count - 1,
    select: { at: true },
  });
  return found?.at;
}

/** As CAs count: providers that give names to others are in the public suffix list's private part. */
function registeredDomainOf(host: string): string {
  return getDomain(host, { allowPrivateDomains: true }) ?? host;
}
