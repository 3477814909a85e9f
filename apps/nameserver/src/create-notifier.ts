import { randomInt } from "node:crypto";
import { createSocket } from "node:dgram";
import { isIPv6 } from "node:net";
import { setTimeout as delay } from "node:timers/promises";
import { encode } from "dns-packet";
import type { Secondary } from "./parse-secondaries.ts";
import { createSigner, type TsigKey } from "./tsig.ts";

type Options = {
  hostedZone: string;
  secondaries: readonly Secondary[];
  tsigKey: TsigKey | undefined;
  /** Sent from here, as it is this address the secondaries know. */
  bindAddress: string;
  now(): Date;
  onOutcome(outcome: "acknowledged" | "unanswered", secondary: Secondary): void;
  firstRetryMs?: number;
};

export type Notifier = {
  /** Announces to all secondaries that the zone has changed; changes during an announcement follow it. */
  notify(): void;
  stop(): void;
};

const FLAG_AUTHORITATIVE = 1 << 10;
const OPCODE_NOTIFY = 4 << 11;
const FIRST_RETRY_MS = 500;
/** About a minute with doubling pauses; then the secondary's refresh timer, or the next change, has to do. */
const ATTEMPTS = 8;
/** A burst of changes is one transfer. */
const PAUSE_MS = 100;

/** Sends NOTIFY to the secondaries until each has answered. RFC 1996 §3 */
export function createNotifier(options: Options): Notifier {
  const stopped = new AbortController();
  const tellers = options.secondaries.map((secondary) => createTeller(secondary, options, stopped.signal));
  return {
    notify: () => {
      for (const tell of tellers) tell();
    },
    stop: () => stopped.abort(),
  };
}

function createTeller(secondary: Secondary, options: Options, signal: AbortSignal): () => void {
  let isWanted = false;
  let isBusy = false;

  async function work(): Promise<void> {
    isBusy = true;
    while (isWanted && !signal.aborted) {
      await pause(PAUSE_MS, signal);
      isWanted = false;
      const acknowledged = await tell(() => isWanted);
      if (!isWanted && !signal.aborted) {
        options.onOutcome(acknowledged ? "acknowledged" : "unanswered", secondary);
      }
    }
    isBusy = false;
  }

  /** Gives up when it is overtaken: the next change starts with short pauses again. */
  async function tell(isOvertaken: () => boolean): Promise<boolean> {
    let waitMs = options.firstRetryMs ?? FIRST_RETRY_MS;
    for (let attempt = 1; attempt <= ATTEMPTS && !signal.aborted; attempt += 1, waitMs *= 2) {
      if (await askOnce(secondary, options, waitMs, signal)) return true;
      if (isOvertaken()) return false;
    }
    return false;
  }

  return () => {
    isWanted = true;
    if (!isBusy) void work();
  };
}

/** Whether the secondary answered within the time; otherwise the time has passed. Never rejects. */
function askOnce(
  { address, port }: Secondary,
  { hostedZone, tsigKey, bindAddress, now }: Options,
  timeoutMs: number,
  signal: AbortSignal,
): Promise<boolean> {
  const id = randomInt(65_536);
  const question = { name: hostedZone, type: "SOA" as const };
  const message = encode({
    type: "query",
    id,
    flags: OPCODE_NOTIFY | FLAG_AUTHORITATIVE,
    questions: [question],
  });
  const signed = tsigKey ? createSigner(tsigKey, undefined, now)(message) : message;
  return new Promise((resolve) => {
    const socket = createSocket(isIPv6(address) ? "udp6" : "udp4");
    const finish = (isAnswered: boolean) => {
      clearTimeout(timer);
      signal.removeEventListener("abort", giveUp);
      socket.close();
      resolve(isAnswered);
    };
    const giveUp = () => finish(false);
    const timer = setTimeout(giveUp, timeoutMs);
    signal.addEventListener("abort", giveUp);
    // A refusal is treated like no answer: the timer decides when to retry.
    socket.on("error", () => undefined);
    socket.on("message", (answer, source) => {
      if (source.port !== port) return;
      if (answer.length >= 12 && answer.readUInt16BE(0) === id && answer.readUInt16BE(2) & 0x8000)
        finish(true);
    });
    const local = isIPv6(bindAddress) === isIPv6(address) ? { address: bindAddress } : {};
    socket.bind(local, () => socket.send(signed, port, address, () => undefined));
  });
}

async function pause(ms: number, signal: AbortSignal): Promise<void> {
  await delay(ms, undefined, { signal }).catch(() => undefined);
}
