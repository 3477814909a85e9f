import { TRANSFER_AGAIN_KEY } from "@waxseal/core/publishing";
import {
  CAA_ACCOUNTS_KEY,
  findManyTokenAnswers,
  findNewestServingSeq,
  listCaaAccounts,
  listTokenAnswers,
  recordServingChange,
  type TakeEffect,
} from "@waxseal/core/serving";
import type { TokenAnswers } from "@waxseal/core/zone";
import type { Database, Transaction } from "@waxseal/db";
import type { Zone } from "./create-zone.ts";

const PAGE = 5_000;
/** A million domains take a while. */
const LOAD_DEADLINE_MS = 180_000;
const CHANGES_DEADLINE_MS = 10_000;
/** The key of the feed's changes that are about the settings nameservers run with. */
const SETTINGS_KEY = "settings:";
const NO_TOKENS: ReadonlySet<string> = new Set([TRANSFER_AGAIN_KEY, CAA_ACCOUNTS_KEY]);

/**
 * Reads the whole zone as it is at one place of the feed: whatever is sent under one serial is the same from every
 * server. The feed is in commit order, so a snapshot shows exactly what its newest change says.
 */
export async function readZone(db: Database, zone: Zone): Promise<TakeEffect> {
  return inSnapshot(db, LOAD_DEADLINE_MS, async (snapshot) => {
    const seq = await findNewestServingSeq(snapshot);
    const tokens: TokenAnswers[] = [];
    for (let cursor: string | undefined = ""; cursor !== undefined; ) {
      const page: Awaited<ReturnType<typeof listTokenAnswers>> = await listTokenAnswers(snapshot, {
        cursor,
        limit: PAGE,
      });
      tokens.push(...page.items);
      cursor = page.nextCursor;
    }
    const fingerprint = await findNewestFingerprint(snapshot);
    const caaAccounts = await listCaaAccounts(snapshot);
    return () => zone.load({ seq, tokens, caaAccounts, fingerprint });
  });
}

/** Reads what changed since the zone in memory, until one place of the feed. */
export async function readZoneChanges(db: Database, zone: Zone): Promise<TakeEffect> {
  return inSnapshot(db, CHANGES_DEADLINE_MS, async (snapshot) => {
    const sinceSeq = zone.feedSeq() ?? 0n;
    const seq = await findNewestServingSeq(snapshot);
    const changed = await snapshot.$queryRaw<{ key: string; firstSeq: bigint; lastSeq: bigint }[]>`
      select key, min(seq) as "firstSeq", max(seq) as "lastSeq" from serving_change
      where seq > ${sinceSeq} and kind = 'record' group by key order by max(seq)`;
    const settings = changed.filter(({ key }) => key.startsWith(SETTINGS_KEY));
    const isAnew = changed.some(({ key }) => key === TRANSFER_AGAIN_KEY);
    const caaAccounts = changed.some(({ key }) => key === CAA_ACCOUNTS_KEY)
      ? await listCaaAccounts(snapshot)
      : undefined;
    const keys = changed.filter(({ key }) => !key.startsWith(SETTINGS_KEY) && !NO_TOKENS.has(key));
    const found = new Map<string, TokenAnswers>();
    for (let start = 0; start < keys.length; start += PAGE) {
      const tokens = keys.slice(start, start + PAGE).map(({ key }) => key);
      for (const answers of await findManyTokenAnswers(snapshot, tokens)) found.set(answers.token, answers);
    }
    const tokens = keys.map(({ key, ...seqs }) => ({ ...seqs, token: key, after: found.get(key) }));
    const fingerprint = settings.at(-1)?.key.slice(SETTINGS_KEY.length);
    return () => zone.apply({ seq, tokens, caaAccounts, fingerprint, isAnew });
  });
}

/**
 * Makes the settings of this server the newest, as a change of the zone: secondaries that have it as it was with others transfer it
 * again. Nothing when they are already.
 */
export async function announceSettings(db: Database, zone: Zone, at: Date): Promise<void> {
  await db.$transaction(async (transaction) => {
    if ((await findNewestFingerprint(transaction)) === zone.fingerprint) return;
    await recordServingChange(transaction, "record", `${SETTINGS_KEY}${zone.fingerprint}`, at);
  });
}

async function findNewestFingerprint(db: Transaction): Promise<string | undefined> {
  const newest = await db.servingChange.findFirst({
    where: { kind: "record", key: { startsWith: SETTINGS_KEY } },
    orderBy: { seq: "desc" },
  });
  return newest?.key.slice(SETTINGS_KEY.length);
}

function inSnapshot<T>(
  db: Database,
  timeout: number,
  read: (snapshot: Transaction) => Promise<T>,
): Promise<T> {
  return db.$transaction(read, { isolationLevel: "RepeatableRead", maxWait: 5_000, timeout });
}
