import type { AcmeUseKind } from "@waxseal/db";
import type { CaLimit, CaLimits } from "./known-cas.ts";
import type { OrderLane } from "./order-lane.ts";

/** Among the uses of these kinds, within the scope, at most `count` in `windowMs`. */
export type BudgetRule = CaLimit & {
  readonly scope: "account" | "registeredDomain" | "host";
  readonly kinds: readonly AcmeUseKind[];
  /** Only uses from the slow lane are counted. */
  readonly slowOnly: boolean;
};

/** The rest is kept for emergencies. */
const NORMAL_SHARE = 0.9;
const SLOW_SHARE = 0.1;
/** The CA's clock, and the way there. */
const MARGIN_MS = 60_000;

/**
 * What must hold before an order is placed. Emergencies may use all of a limit, others nine tenths, and names of the slow lane
 * together a tenth. A `renewal` names what it replaces and is exempt from the CA's limits on orders (RFC 9773 §5); per host it counts
 * all the same, so that no fault of ours renews for ever.
 */
export function budgetRules(limits: CaLimits, lane: OrderLane, kind: "order" | "renewal"): BudgetRule[] {
  const share = lane === "emergency" ? 1 : NORMAL_SHARE;
  const rule = (
    scope: BudgetRule["scope"],
    kinds: readonly AcmeUseKind[],
    limit: CaLimit,
    { part, slowOnly } = { part: share, slowOnly: false },
  ): BudgetRule => ({
    scope,
    kinds,
    slowOnly,
    count: Math.max(Math.floor(limit.count * part), 1),
    windowMs: limit.windowMs + MARGIN_MS,
  });
  const perHost = [
    rule("host", ["order", "renewal"], limits.certificatesPerHost),
    rule("host", ["failedValidation"], limits.failedValidationsPerHost),
  ];
  if (kind === "renewal") return perHost;
  const shared = (slow?: { part: number; slowOnly: boolean }) => [
    rule("account", ["order"], limits.ordersPerAccount, slow),
    rule("registeredDomain", ["order"], limits.certificatesPerRegisteredDomain, slow),
  ];
  return [...shared(), ...perHost, ...(lane === "slow" ? shared({ part: SLOW_SHARE, slowOnly: true }) : [])];
}

/**
 * Until when a rule holds an order back, given the time of the `count`-th newest use it counts; undefined: it does not.
 */
export function heldUntil(rule: BudgetRule, countthNewest: Date | undefined, now: Date): Date | undefined {
  if (!countthNewest) return undefined;
  const freeAt = new Date(countthNewest.getTime() + rule.windowMs);
  return freeAt > now ? freeAt : undefined;
}
