import { setTimeout as delay } from "node:timers/promises";
import {
  describeClock,
  startAppClock,
  tellDiskRoom,
  tellStateAge,
  watchSchema,
} from "@waxseal/core/operating";
import { followServingChanges } from "@waxseal/core/serving";
import { openDatabase } from "@waxseal/db";
import { type Logger, openStateFiles, startHealthServer } from "@waxseal/runtime";
import { answerMessage } from "./answer-message.ts";
import type { Config } from "./config.ts";
import { createDnsMetrics } from "./create-dns-metrics.ts";
import { createNotifier } from "./create-notifier.ts";
import { createResponseLimiter } from "./create-response-limiter.ts";
import { createZone } from "./create-zone.ts";
import { openZoneFile, readZoneFile, type ZoneFile } from "./open-zone-file.ts";
import { announceSettings, readZone, readZoneChanges } from "./read-zone.ts";
import { type DnsReply, startDnsListeners } from "./start-dns-listeners.ts";

export type Nameserver = {
  /** UDP and TCP. */
  port: number;
  isReady(): boolean;
  stop(): Promise<void>;
};

/** How long an answer waits for a server that was away to catch up: less than resolvers wait. */
const CATCH_UP_MS = 900;
/** At start the zone is usually there before the first question. */
const FIRST_LOAD_MS = 2_000;
const ANNOUNCE_RETRY_MS = 3_000;

/**
 * Starts answering for the hosted zone: from memory, which the feed updates. Signatures are judged by the database's clock;
 * `machineMs` is this machine's.
 */
export async function startNameserver(
  config: Config,
  {
    logger,
    machineMs = Date.now,
    isStopping,
  }: { logger: Logger; machineMs?: () => number; isStopping?: () => boolean },
): Promise<Nameserver> {
  const db = openDatabase(config.databaseUrl, { poolSize: 3 });
  const zone = createZone(config.settings, config.nameserverAddresses);
  const metrics = createDnsMetrics({
    tokens: zone.tokenCount,
    serial: zone.serial,
    stateAgeSeconds: () => (zoneFile?.ageMs() ?? 0) / 1_000,
  });
  const app = "nameserver";
  const schema = watchSchema(db);
  let zoneFile: ZoneFile | undefined;
  const clock = startAppClock({
    db,
    app,
    logger,
    registry: metrics.registry,
    machineMs,
    // Every minute, with a database that answers.
    onCompared: () => {
      void tellStateAge(db, app, zoneFile?.ageMs() ?? 0).catch(() => undefined);
      void tellDiskRoom(db, app, config.stateDir).catch(() => undefined);
    },
  });
  const { now } = clock;
  const allowanceOf = createResponseLimiter({
    answersPerSecond: config.answersPerSecond,
    limitsLoopback: config.limitsLoopback,
    nowMs: () => performance.now(),
  });
  const rules = { secondaries: config.secondaries, tsigKey: config.tsigKey };
  const notifier = createNotifier({
    ...rules,
    hostedZone: zone.hostedZone,
    bindAddress: config.bindAddress,
    now,
    onOutcome: (outcome, { address }) => {
      metrics.notifies.inc({ outcome });
      if (outcome === "unanswered") logger.warn({ secondary: address }, "secondary does not answer NOTIFY");
    },
  });
  const { stateDir } = config;
  const files = stateDir ? openStateFiles({ stateDir, app, extension: "zone" }) : undefined;
  const kept = files && (await readZoneFile(files));
  if (kept) zone.load(kept);
  zoneFile = files
    ? openZoneFile({
        files,
        zone,
        onError: (error) => logger.error({ err: error }, "zone could not be written to disk"),
      })
    : undefined;
  let notifiedSerial: number | undefined;
  const follower = followServingChanges({
    db,
    databaseUrl: config.databaseUrl,
    kind: "dns",
    now: () => new Date(machineMs()),
    startSeq: kept?.seq,
    readAll: () => readZone(db, zone),
    readChanged: () => readZoneChanges(db, zone),
    onCurrent: () => {
      const serial = zone.serial();
      if (serial !== notifiedSerial) {
        notifier.notify();
        zoneFile?.changed();
      }
      notifiedSerial = serial;
    },
    onLost: (error) => logger.error({ err: error }, "database lost: answering from memory"),
  });
  const stopped = new AbortController();
  // Settings first: a secondary that asked before they are announced would have to transfer everything again.
  const announced = rules.secondaries.length > 0 ? announceOwnSettings() : Promise.resolve();
  await Promise.race([Promise.all([announced.then(follower.catchUp), clock.compared]), delay(FIRST_LOAD_MS)]);

  /** Resolves after the first attempt; later ones follow until one succeeds. */
  async function announceOwnSettings(): Promise<void> {
    if (stopped.signal.aborted) return;
    await announceSettings(db, zone, now()).catch(() => {
      const retry = delay(ANNOUNCE_RETRY_MS, undefined, { signal: stopped.signal });
      void retry.then(announceOwnSettings, () => undefined);
    });
  }

  function answerNow(message: Buffer, transport: "udp" | "tcp", address: string): DnsReply {
    const allowance = transport === "udp" ? allowanceOf(address) : "answer";
    if (allowance !== "answer") metrics.limited.inc({ allowance });
    if (allowance === "drop") return undefined;
    const source = { transport, address, truncate: allowance === "truncate" };
    const answered = answerMessage(message, zone, source, { rules, now });
    if (!answered) return undefined;
    metrics.answers.inc({ transport, rcode: answered.rcode });
    if (answered.transfer) {
      metrics.transfers.inc({ kind: answered.transfer });
      logger.info({ secondary: address, kind: answered.transfer, serial: zone.serial() }, "zone transfer");
    }
    return answered.messages;
  }

  async function caughtUp(): Promise<void> {
    const untilMs = performance.now() + CATCH_UP_MS;
    for (let wait = follower.behind(); wait && performance.now() < untilMs; wait = follower.behind()) {
      await Promise.race([wait, delay(untilMs - performance.now())]);
    }
  }

  const listeners = await startDnsListeners({
    port: config.port,
    bindAddress: config.bindAddress,
    maxTcpConnections: config.maxTcpConnections,
    answer: (message, { transport, address }) =>
      follower.isLoaded() && follower.behind()
        ? caughtUp().then(() => answerNow(message, transport, address))
        : answerNow(message, transport, address),
  });
  const stopHealth = await startHealthServer({
    port: config.healthPort,
    bindAddress: config.bindAddress,
    registry: metrics.registry,
    isStopping,
    needs: async () => ({
      zone: follower.isLoaded() || "The zone is not known yet: neither the database nor STATE_DIR had it.",
      schema: await schema(),
    }),
    // A wrong clock of this machine changes nothing that is answered.
    details: () => ({ clock: describeClock(clock) }),
  });

  return {
    port: listeners.port,
    isReady: follower.isLoaded,
    stop: async () => {
      notifier.stop();
      clock.stop();
      stopped.abort();
      await Promise.all([listeners.stop(), stopHealth()]);
      await follower.stop();
      await zoneFile?.close();
      await db.$disconnect();
    },
  };
}
