import { createHash } from "node:crypto";
import { chmod, mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { gzipSync } from "node:zlib";
import type { TokenOwner } from "@waxseal/core/reports";
import {
  createTestAccount,
  createTestDomain,
  testPolicy,
  testReportJson,
  testReportMail,
} from "@waxseal/core/reports/testing";
import { migrate, openDatabase, startEmbeddedPostgres } from "@waxseal/db";
import { deliverBySmtp } from "../testing/talk-smtp.ts";
import { type ForkedIngest, forkIngest, postReport, REPORTS_DOMAIN } from "./fork-ingest.ts";
import { type SoakAccount, takeSoakAccount } from "./take-soak-account.ts";

/** A message as a sender has it; `reportId` is null where there is no report in it. */
export type SoakMessage = {
  by: "smtp" | "https";
  token: string;
  reportId: string | null;
  body: Buffer;
  sha256: string;
};

/** What the senders know. Every message was sent until its answer was final. */
export type SoakLog = {
  /** How often a message with these bytes was accepted. */
  accepted: Map<string, number>;
  /** Tries without an answer, and tries after which the store could not confirm a commit: each may have been kept all the same. */
  unanswered: Map<string, number>;
  unconfirmed: Map<string, number>;
  refused: Map<string, number>;
  reportIds: Set<string>;
  sent: number;
  retries: number;
};

type Options = { durationMs: number; killEveryMs: number; senders: number; tell(line: string): void };

const DAY = new Date().toISOString().slice(0, 10);
const PAUSE_MS = 25;

/**
 * Sends messages of every kind to two ingests on one Postgres, of which one is killed every so often, and takes account afterwards.
 *
 * Killed in turn: one ingest, Postgres (stopped and started), the other ingest, one of Postgres' own processes, each with SIGKILL
 * except the stop of Postgres. Senders behave as senders do: what was not answered for good is sent again, with the same bytes.
 */
export async function soakIngest({
  durationMs,
  killEveryMs,
  senders,
  tell,
}: Options): Promise<SoakAccount & { kills: number }> {
  const folder = await mkdtemp(join(tmpdir(), "waxseal-soak-"));
  await chmod(folder, 0o711);
  const dataDir = join(folder, "data");
  let postgres = await startEmbeddedPostgres({ dataDir });
  const { databaseUrl, port } = postgres;
  const ingests: ForkedIngest[] = [];
  try {
    await migrate(databaseUrl);
    const owner = await prepareDomain(databaseUrl);
    for (const _ of [1, 2]) ingests.push(await forkIngest({ databaseUrl }));
    await Promise.all(ingests.map((ingest) => ingest.start()));

    const log = emptyLog();
    const untilMs = Date.now() + durationMs;
    const sending = Array.from({ length: senders }, (_, index) =>
      send({ index, ingests, owner, log, untilMs }),
    );
    const restartPostgres = async () => {
      await postgres.stop();
      postgres = await startEmbeddedPostgres({ dataDir, port });
    };
    const restartIngest = async (ingest: ForkedIngest | undefined) => {
      await ingest?.kill();
      await ingest?.start().catch(() => ingest.start());
    };
    const victims: [string, () => Promise<void>][] = [
      ["ingest 1", () => restartIngest(ingests[0])],
      ["Postgres, stopped and started", restartPostgres],
      ["ingest 2", () => restartIngest(ingests[1])],
      ["a process of Postgres", () => crashBackend(databaseUrl)],
    ];
    let kills = 0;
    while (Date.now() + killEveryMs < untilMs) {
      await new Promise((resolve) => setTimeout(resolve, killEveryMs));
      const [name, kill] = victims[kills++ % victims.length] ?? ["", async () => undefined];
      await kill();
      tell(`${name} killed; ${log.sent} messages sent, ${log.retries} tries answered "later" or not at all`);
    }
    await Promise.all(sending);
    return { ...(await takeSoakAccount(databaseUrl, log)), kills };
  } finally {
    await Promise.all(ingests.map((ingest) => ingest.stop()));
    await postgres.stop();
    await rm(folder, { recursive: true, force: true });
  }
}

async function prepareDomain(databaseUrl: string): Promise<TokenOwner> {
  const db = openDatabase(databaseUrl);
  const owner = await createTestDomain(await createTestAccount(db, () => new Date()), "example.com");
  await db.$disconnect();
  return owner;
}

/** One of Postgres' processes dies by SIGKILL: it recovers as after a crash, and every connection is gone. */
async function crashBackend(databaseUrl: string): Promise<void> {
  const db = openDatabase(databaseUrl, { poolSize: 1 });
  const [backend] = await db.$queryRaw<{ pid: number }[]>`select pg_backend_pid() as pid`;
  if (backend) process.kill(backend.pid, "SIGKILL");
  await db.$disconnect();
}

type Sender = {
  index: number;
  ingests: readonly ForkedIngest[];
  owner: TokenOwner;
  log: SoakLog;
  untilMs: number;
};

async function send({ index, ingests, owner, log, untilMs }: Sender): Promise<void> {
  for (let n = 0; Date.now() < untilMs; n++) {
    const message = makeMessage(index, n, owner);
    // Every seventh is sent twice, as by a sender that lost our answer.
    for (let copies = n % 7 === 0 ? 2 : 1; copies > 0; copies--) {
      log.sent++;
      for (let attempt = n; ; attempt++) {
        const ingest = ingests[attempt % ingests.length];
        if (ingest && (await trySending(ingest, message, log))) break;
        log.retries++;
        await new Promise((resolve) => setTimeout(resolve, 100));
      }
      await new Promise((resolve) => setTimeout(resolve, PAUSE_MS));
    }
  }
}

function makeMessage(sender: number, n: number, owner: TokenOwner): SoakMessage {
  const by = (sender + n) % 2 === 0 ? "smtp" : "https";
  const reportId = n % 11 === 5 ? null : `soak-${sender}-${n}`;
  const json = reportId
    ? testReportJson(DAY, { reportId, policies: [testPolicy("example.com", { successfulSessions: 3 })] })
    : `no report ${sender}-${n}`;
  const body = by === "smtp" ? testReportMail(json) : gzipSync(json);
  const token = n % 13 === 6 ? "a".repeat(16) : owner.token;
  return { by, token, reportId, body, sha256: createHash("sha256").update(body).digest("hex") };
}

/** Whether the answer was final. */
async function trySending(ingest: ForkedIngest, message: SoakMessage, log: SoakLog): Promise<boolean> {
  const { answer, isBodySent } = await ask(ingest, message);
  if (answer.startsWith("250") || answer === "201") {
    count(log.accepted, message.sha256);
    if (message.reportId) log.reportIds.add(message.reportId);
    return true;
  }
  if (/^5\d\d 5|^4(?!29)\d\d$/.test(answer)) {
    count(log.refused, answer);
    return true;
  }
  if (answer === "" || answer === "0" || answer === "closed") count(log.unanswered, message.sha256);
  else if (isBodySent && /^451 4\.3\.0|^503/.test(answer)) count(log.unconfirmed, message.sha256);
  else if (!/^4|^503|^429/.test(answer)) throw new Error(`an unexpected answer: ${answer}`);
  return false;
}

async function ask(
  ingest: ForkedIngest,
  { by, token, body }: SoakMessage,
): Promise<{ answer: string; isBodySent: boolean }> {
  if (by === "https") {
    return { answer: String(await postReport(ingest.httpsPort, token, body)), isBodySent: true };
  }
  const { recipients, data } = await deliverBySmtp(ingest.smtpPort, [`${token}@${REPORTS_DOMAIN}`], body);
  const [recipient = ""] = recipients;
  const isBodySent = recipient.startsWith("250");
  return { answer: isBodySent ? data : recipient, isBodySent };
}

function count(counts: Map<string, number>, key: string): void {
  counts.set(key, (counts.get(key) ?? 0) + 1);
}

function emptyLog(): SoakLog {
  return {
    accepted: new Map(),
    unanswered: new Map(),
    unconfirmed: new Map(),
    refused: new Map(),
    reportIds: new Set(),
    sent: 0,
    retries: 0,
  };
}
