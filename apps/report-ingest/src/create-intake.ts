import type { LookedAt, TokenOwner } from "@waxseal/core/reports";
import { networkOf } from "@waxseal/runtime";
import { type Charge, createDailyBudget, type DailyBudget } from "./create-daily-budget.ts";
import { createFairQueue } from "./create-fair-queue.ts";

/** What wants to be kept. */
export type Arrived = {
  raw: Buffer;
  transport: "smtp" | "https";
  remoteAddress: string;
  owners: readonly TokenOwner[];
};

/**
 * Why something is not kept: `full`, there is no room for any report; `spent`, there is none today for reports like this one;
 * `busy`, too many wait to be looked at; `noise`, it holds no report; `quota`, an account of it has had its reports of today.
 */
export type Declined = "full" | "spent" | "busy" | "noise" | "quota";

/** Decides what is kept. */
export type Intake = {
  /** Why a message of this size would not be kept whatever it is; with 0 bytes, whether anything is kept at all. */
  foresee(remoteAddress: string, bytes: number): "full" | "spent" | undefined;
  /**
   * Stores what has arrived and counts it, or says why not. What could not be stored is not counted. `mustHoldReport`: the first few
   * of a network are looked at as well.
   *
   * @throws what `store` throws
   */
  keep<T>(
    arrived: Arrived,
    store: () => Promise<T>,
    options?: { mustHoldReport: boolean },
  ): Promise<{ kept: T } | { declined: Declined }>;
};

type IntakeDeps = {
  /** Bytes a day for all unsigned reports; parts of it are for one account, domain and network. */
  dailyBytes: number;
  look(raw: Buffer, transport: "smtp" | "https"): Promise<LookedAt>;
  hasRoom(): boolean;
  /** Whether one of these accounts has received as many reports today as the operator allows. */
  isOverQuota?(accountIds: readonly string[]): Promise<boolean>;
  steadyMs?: () => number;
};

type Taken = readonly [DailyBudget, readonly Charge[]][];

/** As much as a report takes besides its bytes: rows and their keys. */
const ROW_BYTES = 2 * 1024;
/** Real reports are smaller; larger ones are looked at before they are kept. */
const MAX_UNSEEN_BYTES = 256 * 1024;
/** Bytes a day of one network that turn out to hold no report; what comes then is refused without a look. */
const NOISE_BYTES_A_DAY = 256 * 1024 * 1024;
/** Most look-ups of one network that wait. */
const MAX_LOOKS_WAITING = 20;

/**
 * Budgets by network, domain, account and day.
 *
 * The first few messages of a network are kept unseen: a sample of whatever it sends. From then on a message is looked at first: without
 * a report in it, it is refused; with one, it goes by the budgets of unsigned reports, or by those of the domain that signed it. Each
 * large reporter has a share of every domain to itself, which no other signer can use up, however many domains it owns.
 */
export function createIntake({ dailyBytes, look, hasRoom, isOverQuota, ...clock }: IntakeDeps): Intake {
  const budget = (part: number) => createDailyBudget(dailyBytes * part, clock);
  const unseen = { network: budget(1 / 512), token: budget(1 / 128) };
  const unsigned = { network: budget(1 / 128), token: budget(1 / 32) };
  const signed = { network: budget(1), token: budget(1 / 16) };
  const listed = budget(1 / 64);
  const account = { unsigned: budget(1 / 8), signed: budget(1) };
  const all = budget(1);
  const noise = createDailyBudget(NOISE_BYTES_A_DAY, clock);
  // One after another: two large messages read at once would only be late together.
  const looks = createFairQueue(MAX_LOOKS_WAITING);

  function chargesFor(
    { owners, raw }: Arrived,
    from: string,
  ): Record<"network" | "token" | "account" | "all", Charge[]> {
    const bytes = raw.length + ROW_BYTES;
    const each = (keyOf: (owner: TokenOwner) => string) => {
      const sums = new Map<string, number>();
      for (const owner of owners) sums.set(keyOf(owner), (sums.get(keyOf(owner)) ?? 0) + bytes);
      return [...sums].map(([key, sum]) => ({ key, from, bytes: sum }));
    };
    const total = bytes * owners.length;
    return {
      network: [{ key: from, from, bytes: total }],
      token: each(({ token }) => token),
      account: each(({ accountId }) => accountId),
      all: [{ key: "all", from, bytes: total }],
    };
  }

  function takeFrom(charged: Taken): Taken | undefined {
    if (!charged.every(([budget, charges]) => charges.every(budget.hasRoom))) return undefined;
    for (const [budget, charges] of charged) charges.forEach(budget.take);
    return charged;
  }

  async function charge(arrived: Arrived, mustHoldReport: boolean): Promise<Taken | Declined> {
    if (!hasRoom()) return "full";
    // A quota that cannot be read declines nothing: keeping the message then says why the database does not take it.
    const isOver = isOverQuota?.(arrived.owners.map(({ accountId }) => accountId)).catch(() => false);
    if (await isOver) return "quota";
    const { raw, transport } = arrived;
    const network = networkOf(arrived.remoteAddress);
    const charges = chargesFor(arrived, network);
    const takeUnsigned = (level: { network: DailyBudget; token: DailyBudget }) =>
      takeFrom([
        [level.network, charges.network],
        [level.token, charges.token],
        [account.unsigned, charges.account],
        [all, charges.all],
      ]);
    const sample = !mustHoldReport && raw.length <= MAX_UNSEEN_BYTES ? takeUnsigned(unseen) : undefined;
    if (sample) return sample;

    const asNoise = { key: network, from: network, bytes: raw.length };
    if (!noise.hasRoom(asNoise)) return "spent";
    const looked = await looks.run(network, () => look(raw, transport));
    if (!looked) return "busy";
    if (!looked.holdsReport) {
      noise.take(asNoise);
      return "noise";
    }
    if (looked.signedBy === null) return takeUnsigned(unsigned) ?? "spent";
    if (looked.isListed) {
      // Divided by network, so that one genuine mail, sent over and over, does not use up the share either.
      const reserved = charges.token.map((each) => ({ ...each, key: `${each.key} ${looked.signedBy}` }));
      const kept = takeFrom([[listed, reserved]]);
      if (kept) return kept;
    }
    const bySigner = chargesFor(arrived, looked.signedBy);
    const bySignature = takeFrom([
      [signed.network, bySigner.network],
      [signed.token, bySigner.token],
      [account.signed, bySigner.account],
    ]);
    return bySignature ?? "spent";
  }

  return {
    keep: async (arrived, store, { mustHoldReport } = { mustHoldReport: false }) => {
      const charged = await charge(arrived, mustHoldReport);
      if (typeof charged === "string") return { declined: charged };
      try {
        return { kept: await store() };
      } catch (error) {
        for (const [budget, charges] of charged) charges.forEach(budget.refund);
        throw error;
      }
    },
    foresee: (remoteAddress, bytes) => {
      if (!hasRoom()) return "full";
      const network = networkOf(remoteAddress);
      const isTakenUnseen = bytes <= MAX_UNSEEN_BYTES;
      return isTakenUnseen || noise.hasRoom({ key: network, from: network, bytes }) ? undefined : "spent";
    },
  };
}
