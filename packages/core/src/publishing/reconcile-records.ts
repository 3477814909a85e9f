import { createHash } from "node:crypto";
import type { Database } from "@waxseal/db";
import { domainJobKey, enqueueJob } from "../enqueue-job.ts";
import type { HostingSettings } from "../hosting-settings.ts";
import { listCaaAccounts } from "../serving/list-caa-accounts.ts";
import { listTokenAnswers } from "../serving/list-token-answers.ts";
import { parseTargetName, RECORD_KINDS, targetName } from "../setup-names.ts";
import { caaValues } from "../zone/caa-values.ts";
import type { DnsRecordSet } from "../zone/dns-record-set.ts";
import { tokenRecords } from "../zone/token-records.ts";
import { formatRoute53RecordSet } from "./format-route53-record-set.ts";
import type { PublishedSet, Publisher } from "./publisher.ts";

/**
 * What was found: names that differ from what they should be, domains whose names are published again, and domains `left` for the
 * next run.
 */
export type Reconciled = {
  names: number;
  drifted: string[];
  unknown: string[];
  repaired: number;
  left: number;
};

const PAGE = 5_000;
/** The next run does the rest: a zone that was emptied by mistake is not filled in one go. */
const MAX_REPAIRS = 1_000;
const REPAIRS_AT_ONCE = 100;
const MANAGED_TYPES: ReadonlySet<string> = new Set<DnsRecordSet["type"]>(["A", "AAAA", "CAA", "TXT"]);

/**
 * Compares what the authority of the hosted zone holds with what it should, and has every domain that differs published again. That is
 * done by a job in the domain's lane, so a publication under way is not overtaken.
 *
 * `drifted` are names that are missing, wrong, or of a domain that left; `unknown` are those of tokens that were never issued: they
 * are named and not touched. Undefined when the publisher has nothing to compare.
 */
export async function reconcileRecords(
  db: Database,
  { publisher, settings }: { publisher: Publisher; settings: HostingSettings },
): Promise<Reconciled | undefined> {
  if (!publisher.list) return undefined;
  const published = await readPublished(publisher.list(), settings.hostedZone);
  const caa = caaValues(settings.caaIdentities, await listCaaAccounts(db));
  const drifted: string[] = [];
  let names = 0;
  for (let cursor: string | undefined = ""; cursor !== undefined; ) {
    const page: Awaited<ReturnType<typeof listTokenAnswers>> = await listTokenAnswers(db, {
      cursor,
      limit: PAGE,
    });
    for (const answers of page.items) {
      for (const kind of RECORD_KINDS) {
        const name = targetName(kind, answers.token, settings.hostedZone);
        const sets = tokenRecords(kind, answers, settings, caa).map(asPublished);
        if (published.get(name) !== (sets.length > 0 ? fingerprint(sets) : undefined)) drifted.push(name);
        published.delete(name);
        names += 1;
      }
    }
    cursor = page.nextCursor;
  }
  const { repaired, left, unknown } = await repair(
    db,
    [...drifted, ...published.keys()],
    settings.hostedZone,
  );
  const isUnknown = new Set(unknown);
  drifted.push(...[...published.keys()].filter((name) => !isUnknown.has(name)));
  return { names, drifted, unknown, repaired, left };
}

/** A fingerprint for each of our names. */
async function readPublished(sets: AsyncIterable<PublishedSet>, zone: string): Promise<Map<string, string>> {
  const published = new Map<string, string>();
  let current: PublishedSet[] = [];
  const keep = () => {
    const [first] = current;
    if (first) published.set(first.name, fingerprint(current));
    current = [];
  };
  for await (const set of sets) {
    if (!MANAGED_TYPES.has(set.type) || !parseTargetName(set.name, zone)) continue;
    if (current[0]?.name !== set.name) keep();
    current.push(set);
  }
  keep();
  return published;
}

function asPublished(set: DnsRecordSet): PublishedSet {
  const values = (formatRoute53RecordSet(set).ResourceRecords ?? []).map(({ Value }) => Value ?? "");
  return { name: set.name, type: set.type, ttlSeconds: set.ttlSeconds, values };
}

/** The order of sets and of values in a set means nothing. RFC 2181 §5 */
function fingerprint(sets: readonly PublishedSet[]): string {
  const lines = sets.flatMap(({ type, ttlSeconds, values }) =>
    values.map((value) => `${type} ${ttlSeconds} ${value}`),
  );
  return createHash("sha256").update(lines.sort().join("\n")).digest("base64");
}

async function repair(
  db: Database,
  names: readonly string[],
  hostedZone: string,
): Promise<{ repaired: number; left: number; unknown: string[] }> {
  const byToken = new Map<string, string[]>();
  for (const name of names) {
    const token = parseTargetName(name, hostedZone)?.token ?? "";
    byToken.set(token, [...(byToken.get(token) ?? []), name]);
  }
  let [repaired, left] = [0, 0];
  const tokens = [...byToken.keys()];
  for (let start = 0; start < tokens.length; start += PAGE) {
    const owners = await db.domainToken.findMany({
      where: { token: { in: tokens.slice(start, start + PAGE) } },
    });
    for (const { token } of owners) byToken.delete(token);
    const now = owners.slice(0, MAX_REPAIRS - repaired);
    for (let first = 0; first < now.length; first += REPAIRS_AT_ONCE) {
      await enqueueRepairs(db, now.slice(first, first + REPAIRS_AT_ONCE));
    }
    repaired += now.length;
    left += owners.length - now.length;
  }
  return { repaired, left, unknown: [...byToken.values()].flat() };
}

async function enqueueRepairs(
  db: Database,
  owners: readonly { accountId: string; domainId: string }[],
): Promise<void> {
  await db.$transaction(
    async (transaction) => {
      for (const { accountId, domainId } of owners) {
        const key = domainJobKey("record.publish", domainId);
        await enqueueJob(transaction, "record.publish", { accountId, domainId }, { key });
      }
    },
    { timeout: 30_000 },
  );
}
