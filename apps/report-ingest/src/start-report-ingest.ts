import { createSecretBox, reportsMxHost } from "@waxseal/core";
import { createBounceAddresses } from "@waxseal/core/mail";
import {
  askDatabase,
  describeClock,
  measureDatabaseRoom,
  startAppClock,
  watchSchema,
} from "@waxseal/core/operating";
import {
  createDkimKeyLookUp,
  findAccountsOverReports,
  lookAtMessage,
  readReportQueue,
} from "@waxseal/core/reports";
import {
  type Database,
  isOneDatabase,
  openDatabase,
  type ReportsDatabase,
  reportsOf,
  sqlDatabase,
} from "@waxseal/db";
import { createResolver } from "@waxseal/probes";
import { type Logger, type OwnProcess, startHealthServer } from "@waxseal/runtime";
import { withDeadline } from "@waxseal/runtime/with-deadline";
import type { Config } from "./config.ts";
import { createBytePool } from "./create-byte-pool.ts";
import { createGate } from "./create-gate.ts";
import { createIntake } from "./create-intake.ts";
import { createOperatorMailbox, LEAST_BOUNCE_BYTES } from "./create-operator-mailbox.ts";
import { createIngestMetrics } from "./ingest-metrics.ts";
import { openIngestStore } from "./ingest-store.ts";
import { keepCertificates } from "./keep-certificates.ts";
import { runProcessing } from "./run-processing.ts";
import { startHttpsListener } from "./start-https-listener.ts";
import { startSmtpListener } from "./start-smtp-listener.ts";
import { watchRoom } from "./watch-room.ts";

export type ReportIngest = { smtpPort: number; httpsPort: number; stop(): Promise<void> };

const BATCH_SIZE = 200;

/** Starts taking reports and understanding them. Comes up, and stays up, without the database too. */
export async function startReportIngest(
  config: Config,
  options: {
    logger: Logger;
    setDate?: OwnProcess["setDate"];
    machineMs?: () => number;
    isStopping?: () => boolean;
  },
): Promise<ReportIngest> {
  const { logger, setDate, machineMs } = options;
  const { databaseUrl, reportsDatabaseUrl = databaseUrl, bindAddress, reportsDomain, reportsHost } = config;
  const db = openDatabase(databaseUrl, { poolSize: 12, reportsDatabaseUrl });
  const secretBox = createSecretBox(config.secretKeys);
  const metrics = createIngestMetrics(() => readReportQueue(reportsOf(db)));
  const clock = startAppClock({
    db,
    app: "report-ingest",
    logger,
    registry: metrics.registry,
    setDate,
    machineMs,
  });
  await clock.compared;
  const { now } = clock;
  // The first answers clients without SNI, which most senders of mail are.
  const hosts = [reportsMxHost(reportsDomain), ...(reportsHost ? [reportsHost] : [])];
  const certificates = keepCertificates(hosts, { db, databaseUrl, secretBox, now, logger });
  const schema = watchSchema(db);
  const resolver = createResolver({ servers: config.dnsResolvers });
  const lookUpKey = createDkimKeyLookUp(resolver);
  const room = await watchRoom({
    measure: () => measureDatabaseRoom(sqlDatabase(reportsOf(db))),
    limitBytes: config.databaseLimitBytes,
    onMeasured: ({ databaseBytes, volume, isOpen }) => {
      metrics.open.set(isOpen ? 1 : 0);
      metrics.databaseBytes.set(databaseBytes);
      if (volume) metrics.volumeFreeBytes.set(volume.freeBytes);
    },
    logger,
  });
  const shared = {
    ...config,
    store: openIngestStore(db),
    certificates,
    gate: createGate(config),
    pool: createBytePool(config),
    operatorMailbox: config.hasOperator ? createOperatorMailbox(db, { reportsDomain }) : undefined,
    bounces: createBounceAddresses(config.secretKeys, reportsDomain),
    bounceMailbox: createOperatorMailbox(db, { reportsDomain, leastBytes: LEAST_BOUNCE_BYTES }),
    intake: createIntake({
      dailyBytes: config.dailyBytes,
      look: (raw, transport) => lookAtMessage({ raw, transport, now: now() }, { lookUpKey }),
      hasRoom: room.hasRoom,
      isOverQuota: async (accountIds) => (await findAccountsOverReports(db, accountIds, now())).size > 0,
    }),
    metrics,
    now,
    logger,
  };
  const smtp = await startSmtpListener({ ...shared, port: config.smtpPort });
  const https = await startHttpsListener({ ...shared, port: config.httpsPort });
  const stopHealth = await startHealthServer({
    port: config.healthPort,
    bindAddress,
    registry: metrics.registry,
    isStopping: options.isStopping,
    needs: async () => ({
      schema: await schema(),
      certificate: certificates.isReady(),
      postgres: await isThere(db),
      ...(isOneDatabase(db) ? {} : { "reports-postgres": await isThere(reportsOf(db)) }),
      clock: clock.state() !== "wrong" || "This machine's clock is wrong.",
      room: room.hasRoom() || "The database has no room for reports.",
      writable: shared.store.canWrite() || "The last report could not be stored.",
    }),
    details: () => ({ clock: describeClock(clock) }),
  });
  const stopProcessing = runProcessing({
    db,
    reportsDatabaseUrl,
    now,
    lookUpKey,
    batchSize: BATCH_SIZE,
    metrics,
    logger,
  });
  return {
    smtpPort: smtp.port,
    httpsPort: https.port,
    stop: async () => {
      clock.stop();
      room.stop();
      await Promise.all([smtp.stop(), https.stop(), stopHealth()]);
      await Promise.all([stopProcessing(), certificates.stop()]);
      await db.$disconnect();
    },
  };
}

function isThere(db: Database | ReportsDatabase): Promise<true | string> {
  return withDeadline(askDatabase(db), 1_000).catch(() => "The database does not answer.");
}
