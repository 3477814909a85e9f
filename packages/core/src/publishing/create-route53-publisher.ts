import type { Change } from "@aws-sdk/client-route-53";
import { AppError } from "../app-error.ts";
import { type RecordKind, targetName } from "../setup-names.ts";
import type { DnsRecordSet } from "../zone/dns-record-set.ts";
import { formatRoute53RecordSet } from "./format-route53-record-set.ts";
import { openRoute53Zone, type Route53Options } from "./open-route53-zone.ts";
import type { DnsChange, Publisher } from "./publisher.ts";

/** A change that was asked for and has not been sent. */
type Waiting = { change: DnsChange; resolve(): void; reject(error: unknown): void };

const MANAGED_TYPES: Record<RecordKind, readonly DnsRecordSet["type"][]> = {
  policyHost: ["A", "AAAA", "CAA"],
  stsRecord: ["TXT"],
  tlsRptRecord: ["TXT"],
};
/** AWS takes 1000 records a request and counts an UPSERT twice; one of ours has at most a dozen. */
const CHANGES_PER_BATCH = 40;

/**
 * The publisher for a zone at Amazon Route 53. Credentials come from where the AWS SDK looks for them.
 *
 * Changes that arrive during a request go into the next one together. A refused batch is sent again one by one, so that
 * one bad record set does not hold up the others. `publish` resolves when all of Amazon's
 * servers answer with the change (INSYNC).
 */
export function createRoute53Publisher(options: Route53Options & { hostedZone: string }): Publisher {
  const zone = openRoute53Zone(options);
  let waiting: Waiting[] = [];
  let busy = false;

  /** Looks up unwanted record sets first: Route 53 deletes only whole record sets, given exactly as they are. */
  async function findDeletions({ token, kind, records }: DnsChange): Promise<Change[]> {
    const wanted = new Set<string>(records.map(({ type }) => type));
    const unwanted = new Set<string>(MANAGED_TYPES[kind].filter((type) => !wanted.has(type)));
    if (unwanted.size === 0) return [];
    const present = await zone.list(targetName(kind, token, options.hostedZone));
    return present
      .filter((set) => unwanted.has(set.Type ?? ""))
      .map((set) => ({ Action: "DELETE", ResourceRecordSet: set }));
  }

  async function send(batch: readonly Waiting[]): Promise<void> {
    try {
      const changes: Change[] = [];
      for (const { change } of batch) {
        changes.push(...(await findDeletions(change)));
        for (const set of change.records) {
          changes.push({ Action: "UPSERT", ResourceRecordSet: formatRoute53RecordSet(set) });
        }
      }
      const changeId = changes.length > 0 ? await zone.submit(changes) : undefined;
      // Not awaited: the next batch need not wait the minute that takes.
      void finish(batch, changeId === undefined ? Promise.resolve() : zone.waitUntilInSync(changeId));
    } catch (error) {
      if (batch.length > 1 && isRefusal(error)) for (const one of batch) await send([one]);
      else await finish(batch, Promise.reject(error));
    }
  }

  async function work(): Promise<void> {
    busy = true;
    while (waiting.length > 0) {
      const { batch, rest } = takeBatch(waiting);
      waiting = rest;
      await send(batch);
    }
    busy = false;
  }

  return {
    publish: (change) =>
      new Promise((resolve, reject) => {
        waiting.push({ change, resolve, reject });
        if (!busy) void work();
      }),
    list: async function* () {
      for await (const set of zone.listAll()) {
        yield {
          name: (set.Name ?? "").replace(/\.$/, ""),
          type: set.Type ?? "",
          ttlSeconds: set.TTL ?? 0,
          values: (set.ResourceRecords ?? []).map(({ Value }) => Value ?? ""),
        };
      }
    },
  };
}

/** Two changes of one name cannot be in one request: the later waits for the next. */
function takeBatch(waiting: readonly Waiting[]): { batch: Waiting[]; rest: Waiting[] } {
  const names = new Set<string>();
  const batch: Waiting[] = [];
  const rest: Waiting[] = [];
  for (const one of waiting) {
    const name = `${one.change.token} ${one.change.kind}`;
    (batch.length < CHANGES_PER_BATCH && !names.has(name) ? batch : rest).push(one);
    names.add(name);
  }
  return { batch, rest };
}

async function finish(batch: readonly Waiting[], done: Promise<void>): Promise<void> {
  try {
    await done;
    for (const { resolve } of batch) resolve();
  } catch (cause) {
    const error = new AppError("unavailable", "Route 53 has not taken over the change.", {
      reason: "not_published_yet",
      cause,
    });
    for (const { reject } of batch) reject(error);
  }
}

/** Decides by status: Route 53 reports a bad batch in a special XML root element, which the SDK reads as an unknown error. */
function isRefusal(error: unknown): boolean {
  if (!(error instanceof Error)) return false;
  const { $metadata } = error as Error & { $metadata?: { httpStatusCode?: number } };
  return $metadata?.httpStatusCode === 400;
}
