import { DAY_MS } from "@waxseal/runtime/time-spans";

type Used = { bytes: number; atMs: number };

/** What may be taken from one budget: `from` shares it with all others that take from the same `key`. */
export type Charge = { key: string; from: string; bytes: number };

/** Bytes a day, for each of many keys. */
export type DailyBudget = {
  /** Whether there is so much left for this one. */
  hasRoom(charge: Charge): boolean;
  take(charge: Charge): void;
  /** Undoes a `take`. */
  refund(charge: Charge): void;
};

const MAX_KEYS = 50_000;

/**
 * A budget that fills up again evenly over a day of `steadyMs`, a clock that is never set.
 *
 * One taker may have at most as much as is left for all: alone half of the budget. So a flood from one network leaves a share to the
 * next, and to the one after that.
 */
export function createDailyBudget(
  limitBytes: number,
  { steadyMs = () => performance.now() }: { steadyMs?: () => number } = {},
): DailyBudget {
  const used = new Map<string, Used>();

  function usedBy(key: string): number {
    const entry = used.get(key);
    if (!entry) return 0;
    return Math.max(0, entry.bytes - ((steadyMs() - entry.atMs) * limitBytes) / DAY_MS);
  }

  function add(key: string, bytes: number): void {
    const sum = Math.max(0, usedBy(key) + bytes);
    used.delete(key);
    used.set(key, { bytes: sum, atMs: steadyMs() });
    const [oldest] = used.keys();
    if (used.size > MAX_KEYS && oldest !== undefined) used.delete(oldest);
  }

  const shareKey = ({ key, from }: Pick<Charge, "key" | "from">) => `${key} ${from}`;

  function count({ key, from }: Pick<Charge, "key" | "from">, bytes: number): void {
    add(key, bytes);
    if (from !== key) add(shareKey({ key, from }), bytes);
  }

  return {
    hasRoom: (charge) => {
      const left = limitBytes - usedBy(charge.key);
      if (charge.from === charge.key) return charge.bytes <= left;
      return usedBy(shareKey(charge)) + charge.bytes <= left;
    },
    take: (charge) => count(charge, charge.bytes),
    refund: (charge) => count(charge, -charge.bytes),
  };
}
