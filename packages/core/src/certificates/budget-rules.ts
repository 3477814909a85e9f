import { formatInstant } from "@waxseal/contract/format-instant";
import type { AcmeUseKind } from "@waxseal/db";
import type { CaLimit, CaLimits } from "./known-cas.ts";
import type { OrderLane } from "./order-lane.ts";

/** A limit of a CA that holds an order back. */
export type HeldOrder = {
  heldUntil: Date;
  /** Which limit, how much of it is used, and when it is free again, for the owner. */
  reason: string;
};

/** Among the uses of these kinds, within the scope, at most `count` in `windowMs`. */
export type BudgetRule = CaLimit & {
  readonly scope: "account" | "registeredDomain" | "host";
  readonly kinds: readonly AcmeUseKind[];
  /** Only uses from the slow lane are counted. */
  readonly slowOnly: boolean;
  /** What the CA publishes; the rule stays below it. */
  readonly limit: CaLimit;
};

/** The rest is kept for emergencies. */
const NORMAL_SHARE = 0.9;
const SLOW_SHARE = 0.1;
/** The CA's clock, and the way there. */
const MARGIN_MS = 60_000;

/**
 * Returns the limits that an order must respect. Emergencies may use all of a limit, others nine tenths, and names of the slow lane
 * together a tenth. A `renewal` names the certificate it replaces and is exempt from the CA's limits on orders (RFC 9773 §5). It still
 * counts per host, so that a fault of ours cannot renew forever.
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
    limit,
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

type Order = { directoryUrl: string; host: string; registeredDomain: string };

/** The sentences that say to the owner of a host which limit holds its order back. */
export function describeHeldOrder(rule: BudgetRule, order: Order, freeAt: Date): string {
  const { scope, kinds, limit, count, slowOnly } = rule;
  const what =
    scope === "account"
      ? "new certificates"
      : scope === "registeredDomain"
        ? `certificates for the domain ${order.registeredDomain} and all names below it`
        : `${kinds.includes("failedValidation") ? "failed validations" : "certificates"} for ${order.host}`;
  const rest = limit.count - count;
  const used = slowOnly
    ? `${count} of them are for names that failed before, and those are used up`
    : rest === 0
      ? "all of them are used"
      : `${count} are used and we keep ${rest} for emergencies`;
  const ca = `The certificate authority (${new URL(order.directoryUrl).host})`;
  return `${ca} allows ${limit.count} ${what} in ${formatSpan(limit.windowMs)}; ${used}. The next is free at ${formatInstant(freeAt)}. Nothing for you to do.`;
}

function formatSpan(spanMs: number): string {
  const hours = spanMs / 3_600_000;
  if (hours === 1) return "an hour";
  return hours % 24 === 0 && hours > 24 ? `${hours / 24} days` : `${hours} hours`;
}
