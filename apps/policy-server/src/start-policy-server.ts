import {
  describeClock,
  startAppClock,
  tellDiskRoom,
  tellStateAge,
  watchSchema,
} from "@waxseal/core/operating";
import { createSecretBox } from "@waxseal/core/secret-box";
import {
  findServedCertificates,
  followServingChanges,
  recordHandshakeFailures,
  recordPolicyFetches,
} from "@waxseal/core/serving";
import { openSqlDatabase } from "@waxseal/db/sql";
import { type Logger, openStateFiles, startHealthServer } from "@waxseal/runtime";
import type { Answer } from "./answer.ts";
import { answerPolicy } from "./answer-policy.ts";
import { type ChosenTls, chooseTls } from "./choose-tls.ts";
import type { Config } from "./config.ts";
import { createContextCache } from "./create-context-cache.ts";
import { createFetchLog } from "./create-fetch-log.ts";
import { createPolicyMetrics } from "./create-policy-metrics.ts";
import { asCertificatesEntry, createServingMemory } from "./create-serving-memory.ts";
import { openStateLog, readStateLog, type StateLog } from "./open-state-log.ts";
import type { PolicyRequest } from "./read-request.ts";
import { startChallengeListener } from "./start-challenge-listener.ts";
import { startPolicyListener } from "./start-policy-listener.ts";

export type PolicyServer = {
  httpsPort: number;
  httpPort: number;
  /** Whether policies are in memory, from the database or from disk. */
  isReady(): boolean;
  stop(): Promise<void>;
};

/** How long an answer waits for a server that was away to catch up. */
const CATCH_UP_MS = 900;
/** At start, the database gets this long to say what changed since the state on disk. */
const FIRST_CATCH_UP_MS = 1_500;

type Options = {
  logger: Logger;
  machineMs?: () => number;
  tls?: ChosenTls;
  isStopping?: () => boolean;
};

/**
 * Starts serving policies and challenges. Comes up without the database too: with what its state folder holds.
 * Certificates expire by the database's clock; `machineMs` is this machine's.
 */
export async function startPolicyServer(
  config: Config,
  { logger, machineMs = Date.now, tls, isStopping }: Options,
): Promise<PolicyServer> {
  const db = openSqlDatabase(config.databaseUrl, { poolSize: 4 });
  const secretBox = createSecretBox(config.secretKeys);
  const { openTls, path, problem } = tls ?? (await chooseTls());
  if (problem)
    logger.warn(
      { err: problem },
      "TLS goes through Node's streams, a tenth slower: its handle failed the self-test",
    );
  const metrics = createPolicyMetrics({
    policies: () => memory.policies.size(),
    certificates: () => memory.shelf.size(),
    unreadableCertificates: () => memory.unreadableCertificates(),
    contexts: () => contexts.size(),
    connections: () => policyListener.openConnections(),
    uncountedFetches: () => fetchLog.lost(),
    usesTlsHandle: () => (path === "handle" ? 1 : 0),
    stateAgeSeconds: () => (stateLog?.ageMs() ?? 0) / 1_000,
  });
  const app = "policy-server";
  const schema = watchSchema(db);
  const clock = startAppClock({
    db,
    app,
    logger,
    registry: metrics.registry,
    machineMs,
    // Every minute, with a database that answers.
    onCompared: () => {
      void tellStateAge(db, app, stateLog?.ageMs() ?? 0).catch(() => undefined);
      void tellDiskRoom(db, app, config.stateDir).catch(() => undefined);
    },
  });
  const { now } = clock;
  const fetchLog = createFetchLog({
    now,
    writeFetches: (fetches) => recordPolicyFetches(db, fetches),
    writeFailures: (failures) => recordHandshakeFailures(db, failures),
    onError: (error) => logger.warn({ err: error }, "fetch log could not be written; retrying"),
  });
  let stateLog: StateLog | undefined;
  let stopped = false;
  /** Whether the keys of certificates were tried: not needed for what comes from the disk. */
  let firstRead: "none" | "running" | "done" = "none";
  let hasOpenedAll = false;
  let seq: bigint | undefined;

  const memory = createServingMemory({
    db,
    openKey: secretBox.openSync,
    now,
    maxCertificates: config.maxCertificates,
    onChanged: (entries) => stateLog?.append(entries),
    onCertificateChanged: (host) => contexts.forget(host),
    onUnreadable: (certificates, error) =>
      logger.error({ err: error, certificates }, "certificate keys could not be decrypted"),
    onReplaced: () => {
      stateLog?.rewrite();
      if (firstRead === "none") firstRead = "running";
      memory
        .prefetchCertificates(() => stopped)
        .then(
          () => stateLog?.rewrite(),
          (error) => logger.warn({ err: error }, "certificates could not be preloaded"),
        )
        .finally(() => {
          firstRead = "done";
        });
    },
  });
  const contexts = createContextCache({
    ...memory,
    secretBox,
    now,
    findCertificates: (hosts) => findServedCertificates(db, hosts, now()),
    onLoaded: (host, certificate) => stateLog?.append([asCertificatesEntry([[host, certificate]])]),
    onError: (policyHost, error) => logger.error({ err: error, policyHost }, "certificate not loaded"),
    maxContexts: config.maxContexts,
  });

  if (config.stateDir) {
    const files = openStateFiles({ stateDir: config.stateDir, app, extension: "state" });
    for await (const entry of readStateLog(files, secretBox)) {
      if (entry.kind === "seq") seq = BigInt(entry.seq);
      else memory.restore(entry);
    }
    stateLog = openStateLog({
      files,
      secretBox,
      *snapshot() {
        const seqAtStart = seq;
        yield* memory.snapshot();
        if (seqAtStart !== undefined) yield { kind: "seq", seq: String(seqAtStart) };
      },
      onError: (error) => logger.error({ err: error }, "state not written to disk"),
    });
  }

  const follower = followServingChanges({
    db,
    databaseUrl: config.databaseUrl,
    kind: "policy",
    now: () => new Date(machineMs()),
    startSeq: seq,
    readAll: memory.readAll,
    readChanged: memory.readChanged,
    onCurrent: (currentSeq) => {
      seq = currentSeq;
      stateLog?.append([{ kind: "seq", seq: String(currentSeq) }]);
    },
    onLost: (error) => logger.error({ err: error }, "database lost: serving from memory"),
  });
  await Promise.race([Promise.all([follower.catchUp(), clock.compared]), delay(FIRST_CATCH_UP_MS)]);

  /** After all keys opened once, one certificate that does not open must not take every policy server out of service. */
  function hasRightKeys(): boolean {
    if (firstRead === "none") return true;
    if (firstRead === "done" && memory.unreadableCertificates() === 0) hasOpenedAll = true;
    return hasOpenedAll;
  }

  function describeWrongKeys(): string {
    const count = memory.unreadableCertificates();
    return firstRead === "running" && count === 0
      ? "Certificates are being read."
      : `SECRET_KEYS do not open the keys of ${count === 1 ? "one certificate" : `${count} certificates`}.`;
  }

  function answer(
    request: PolicyRequest,
    serverName: string,
    clientAddress: string | undefined,
  ): Answer | Promise<Answer> {
    if (follower.behind()) return answerOnceCaughtUp(request, serverName, clientAddress);
    return answerNow(request, serverName, clientAddress);
  }

  function answerNow(request: PolicyRequest, serverName: string, clientAddress: string | undefined): Answer {
    const served = memory.policies.find(serverName);
    const found = answerPolicy(request, serverName, served?.body);
    metrics.countAnswer(found.status);
    // The fetch log answers which mail servers use the policy: our own look at what is served is none.
    const version = served?.version ?? 0;
    if (!request.isCheck)
      fetchLog.countFetch({ policyHost: serverName, version, status: found.status, clientAddress });
    return found;
  }

  function countRefused(status: number, serverName: string, clientAddress: string | undefined): void {
    metrics.countAnswer(status);
    const version = memory.policies.find(serverName)?.version ?? 0;
    fetchLog.countFetch({ policyHost: serverName, version, status, clientAddress });
  }

  async function answerOnceCaughtUp(
    request: PolicyRequest,
    serverName: string,
    clientAddress: string | undefined,
  ): Promise<Answer> {
    const untilMs = performance.now() + CATCH_UP_MS;
    for (let wait = follower.behind(); wait && performance.now() < untilMs; wait = follower.behind()) {
      await Promise.race([wait, delay(untilMs - performance.now())]);
    }
    return answerNow(request, serverName, clientAddress);
  }

  const policyListener = await startPolicyListener({
    port: config.httpsPort,
    bindAddress: config.bindAddress,
    openTls,
    contexts,
    isServed: memory.policies.has,
    answer,
    onRefused: countRefused,
    onHandshakeFailure: (policyHost, reason, clientAddress) => {
      metrics.handshakeFailures.inc({ reason });
      fetchLog.countFailure(policyHost, reason, clientAddress);
    },
    maxConnections: config.maxConnections,
    proxyProtocolFrom: config.proxyProtocolFrom,
  });
  const challengeListener = await startChallengeListener({
    port: config.httpPort,
    bindAddress: config.bindAddress,
    keyAuthorizationOf: memory.keyAuthorizationOf,
    onAnswer: (status) => metrics.challengeAnswers.inc({ status }),
    maxConnections: config.maxConnections,
    proxyProtocolFrom: config.proxyProtocolFrom,
  });
  const stopHealth = await startHealthServer({
    port: config.healthPort,
    bindAddress: config.bindAddress,
    registry: metrics.registry,
    isStopping,
    needs: async () => ({
      policies:
        follower.isLoaded() || "No policies are known yet: neither the database nor STATE_DIR had them.",
      keys: hasRightKeys() || describeWrongKeys(),
      schema: await schema(),
    }),
    // A wrong clock of this machine changes nothing that is served.
    details: () => ({
      clock: describeClock(clock),
      unreadableCertificates: memory.unreadableCertificates(),
    }),
  });

  return {
    httpsPort: policyListener.port,
    httpPort: challengeListener.port,
    isReady: follower.isLoaded,
    stop: async () => {
      stopped = true;
      clock.stop();
      await Promise.all([policyListener.stop(), challengeListener.stop(), stopHealth()]);
      await follower.stop();
      await fetchLog.stop();
      await stateLog?.close();
      await db.close();
    },
  };
}

function delay(ms: number): Promise<void> {
  return new Promise((resolve) => setTimeout(resolve, Math.max(ms, 0)));
}
