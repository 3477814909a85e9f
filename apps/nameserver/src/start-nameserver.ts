import { setTimeout as delay } from "node:timers/promises";
import type { TokenAnswers } from "@waxseal/core/publishing";
import {
  findManyTokenAnswers,
  followServingChanges,
  listTokenAnswers,
  type TakeEffect,
} from "@waxseal/core/serving";
import { type Database, openDatabase, type ServingChange } from "@waxseal/db";
import { type Logger, startHealthServer } from "@waxseal/runtime";
import { answerMessage } from "./answer-message.ts";
import type { Config } from "./config.ts";
import { createDnsMetrics } from "./create-dns-metrics.ts";
import { createResponseLimiter } from "./create-response-limiter.ts";
import { createZone, type Zone } from "./create-zone.ts";
import { startDnsListeners } from "./start-dns-listeners.ts";

export type Nameserver = {
  /** UDP and TCP. */
  port: number;
  isReady(): boolean;
  stop(): Promise<void>;
};

const PAGE = 5_000;
/** How long an answer waits for a server that was away to catch up: less than resolvers wait. */
const CATCH_UP_MS = 900;
/** At start the zone is usually there before the first question. */
const FIRST_LOAD_MS = 2_000;

/** Starts answering for the hosted zone: from memory, told of changes by the feed. `now` is the clock of the lease. */
export async function startNameserver(
  config: Config,
  { logger, now = () => new Date() }: { logger: Logger; now?: () => Date },
): Promise<Nameserver> {
  const db = openDatabase(config.databaseUrl, { poolSize: 3 });
  const zone = createZone(config.settings);
  const metrics = createDnsMetrics({ tokens: zone.tokenCount, serial: zone.serial });
  const allowanceOf = createResponseLimiter({
    answersPerSecond: config.answersPerSecond,
    nowMs: () => performance.now(),
  });
  const follower = followServingChanges({
    db,
    databaseUrl: config.databaseUrl,
    kind: "dns",
    now,
    startSeq: undefined,
    readAll: () => readZone(db, zone),
    readChanged: (changes) => readTokens(db, zone, changes),
    onCurrent: zone.setSeq,
    onLost: (error) => logger.error({ err: error }, "database lost: answering from memory"),
  });
  await Promise.race([follower.catchUp(), delay(FIRST_LOAD_MS)]);

  function answerNow(message: Buffer, transport: "udp" | "tcp", address: string): Buffer | undefined {
    const allowance = transport === "udp" ? allowanceOf(address) : "answer";
    if (allowance !== "answer") metrics.limited.inc({ allowance });
    if (allowance === "drop") return undefined;
    const answered = answerMessage(message, zone, { transport, truncate: allowance === "truncate" });
    if (answered) metrics.answers.inc({ transport, rcode: answered.rcode });
    return answered?.bytes;
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
    needs: () => ({ zone: follower.isLoaded() }),
  });

  return {
    port: listeners.port,
    isReady: follower.isLoaded,
    stop: async () => {
      await Promise.all([listeners.stop(), stopHealth()]);
      await follower.stop();
      await db.$disconnect();
    },
  };
}

async function readZone(db: Database, zone: Zone): Promise<TakeEffect> {
  const all: TokenAnswers[] = [];
  for (let cursor: string | undefined = ""; cursor !== undefined; ) {
    const page: Awaited<ReturnType<typeof listTokenAnswers>> = await listTokenAnswers(db, {
      cursor,
      limit: PAGE,
    });
    all.push(...page.items);
    cursor = page.nextCursor;
  }
  return () => zone.replaceAll(all);
}

async function readTokens(db: Database, zone: Zone, changes: readonly ServingChange[]): Promise<TakeEffect> {
  const tokens = [...new Set(changes.filter(({ kind }) => kind === "record").map(({ key }) => key))];
  const found = new Map(
    (await findManyTokenAnswers(db, tokens)).map((answers) => [answers.token, answers] as const),
  );
  return () => {
    for (const token of tokens) {
      const answers = found.get(token);
      if (answers) zone.set(answers);
      else zone.remove(token);
    }
  };
}
