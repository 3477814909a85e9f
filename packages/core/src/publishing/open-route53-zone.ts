import { setTimeout as delay } from "node:timers/promises";
import type {
  Change,
  ListResourceRecordSetsCommand,
  ResourceRecordSet,
  Route53Client,
  RRType,
} from "@aws-sdk/client-route-53";
import { createPacedSender } from "./create-paced-sender.ts";

/** The record sets of one Route 53 zone. */
export type Route53Zone = {
  /** Up to ten record sets of a name. */
  list(name: string): Promise<ResourceRecordSet[]>;
  /** All record sets of the zone, in pages. */
  listAll(): AsyncIterable<ResourceRecordSet>;
  /** All or none of the changes; resolves with the id to wait for. */
  submit(changes: readonly Change[]): Promise<string>;
  /** Resolves when all of Amazon's servers answer with the change. */
  waitUntilInSync(changeId: string): Promise<void>;
};

/** How the API is reached and how patiently; the defaults are right for AWS. */
export type Route53Options = {
  zoneId: string;
  /** Other endpoint of the API, for tests. */
  endpoint?: string | undefined;
  /** Least time between requests. AWS allows five a second per account, to everything that uses it together. */
  intervalMs?: number;
  firstRetryMs?: number;
  syncPollMs?: number;
};

/** AWS usually takes a minute. */
const SYNC_DEADLINE_MS = 300_000;
const CONNECT_TIMEOUT_MS = 5_000;
const REQUEST_TIMEOUT_MS = 20_000;

/** Route 53 is one service for the whole world; requests to it are signed for this region. */
const REGION = "us-east-1";

/**
 * Opens a zone. The SDK is loaded with the first request: it is large, and most processes that know about publishing
 * never send one.
 */
export function openRoute53Zone(options: Route53Options): Route53Zone {
  const { zoneId, intervalMs = 210, firstRetryMs = 500, syncPollMs = 2_000 } = options;
  const sendPaced = createPacedSender({ intervalMs, firstRetryMs });
  let opened: Promise<Sdk> | undefined;
  const sdk = () => {
    opened ??= openSdk(options.endpoint);
    return opened;
  };
  return {
    list: async (name) => {
      const { client, commands } = await sdk();
      const command = new commands.ListResourceRecordSetsCommand({
        HostedZoneId: zoneId,
        StartRecordName: `${name}.`,
        MaxItems: 10,
      });
      const { ResourceRecordSets = [] } = await sendPaced(() => client.send(command));
      return ResourceRecordSets.filter((set) => set.Name === `${name}.`);
    },
    listAll: async function* () {
      const { client, commands } = await sdk();
      let next: { StartRecordName?: string; StartRecordType?: RRType } | undefined = {};
      while (next) {
        const command: ListResourceRecordSetsCommand = new commands.ListResourceRecordSetsCommand({
          HostedZoneId: zoneId,
          MaxItems: 300,
          ...next,
        });
        const page = await sendPaced(() => client.send(command));
        yield* page.ResourceRecordSets ?? [];
        next =
          page.IsTruncated && page.NextRecordName && page.NextRecordType
            ? { StartRecordName: page.NextRecordName, StartRecordType: page.NextRecordType }
            : undefined;
      }
    },
    submit: async (changes) => {
      const { client, commands } = await sdk();
      const command = new commands.ChangeResourceRecordSetsCommand({
        HostedZoneId: zoneId,
        ChangeBatch: { Changes: [...changes] },
      });
      const { ChangeInfo } = await sendPaced(() => client.send(command));
      if (!ChangeInfo?.Id) throw new Error("Route 53 accepted a change without an id");
      return ChangeInfo.Id;
    },
    waitUntilInSync: async (changeId) => {
      const { client, commands } = await sdk();
      const untilMs = performance.now() + SYNC_DEADLINE_MS;
      for (;;) {
        const command = new commands.GetChangeCommand({ Id: changeId });
        const { ChangeInfo } = await sendPaced(() => client.send(command));
        if (ChangeInfo?.Status === "INSYNC") return;
        if (performance.now() > untilMs) throw new Error(`change ${changeId} is still ${ChangeInfo?.Status}`);
        await delay(syncPollMs);
      }
    },
  };
}

type Sdk = { client: Route53Client; commands: typeof import("@aws-sdk/client-route-53") };

async function openSdk(endpoint: string | undefined): Promise<Sdk> {
  const commands = await import("@aws-sdk/client-route-53");
  const client = new commands.Route53Client({
    region: REGION,
    // Retries are ours: each has to take its turn.
    maxAttempts: 1,
    requestHandler: { connectionTimeout: CONNECT_TIMEOUT_MS, requestTimeout: REQUEST_TIMEOUT_MS },
    ...(endpoint === undefined ? {} : { endpoint }),
  });
  return { client, commands };
}
