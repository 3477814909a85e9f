import type { Readable } from "node:stream";
import type { Room } from "./create-byte-pool.ts";

/** What was read. `isOver`: the stream has ended; else the rest is not read, and the connection is to be closed. */
export type Collected =
  | { bytes: Buffer; release(): void }
  | { refused: "tooLarge" | "busy" | "tooSlow"; isOver: boolean };

/** How slowly a message may come: in each window so much, once it takes more room than its own. */
export type Pace = { slowWindowMs: number; slowWindowBytes: number; maxReceiveMs: number };

type Limits = Pace & {
  maxBytes: number;
  /** A refused message is read on to its end, up to this many bytes in all: its sender looks for the answer only there. */
  drainBytes: number;
};

const FIRST_BYTES = 16 * 1024;

/**
 * Reads a stream to its end into memory, as long as it stays within its limits and has room. `release` gives the room back and must be
 * called once the bytes are done with.
 * @throws Error what the stream fails with, e.g. when the client goes away
 */
export function collectBytes(stream: Readable, room: Room, limits: Limits): Promise<Collected> {
  const { promise, resolve, reject } = Promise.withResolvers<Collected>();
  // One growing buffer: a byte a chunk would take hundreds of bytes of memory each.
  let buffer = Buffer.allocUnsafeSlow(FIRST_BYTES);
  let read = 0;
  let readBefore = 0;
  let windows = 0;
  let refused: "tooLarge" | "busy" | "tooSlow" | undefined;

  const pace = setInterval(() => {
    windows += 1;
    const isSlow = read > FIRST_BYTES && read - readBefore < limits.slowWindowBytes;
    readBefore = read;
    if (!isSlow && windows * limits.slowWindowMs < limits.maxReceiveMs) return;
    refuse("tooSlow");
    settle(() => resolve({ refused: "tooSlow", isOver: false }));
  }, limits.slowWindowMs);
  stream.on("data", onData).on("end", onEnd).on("error", onBroken).on("close", onBroken);
  return promise;

  function refuse(why: NonNullable<typeof refused>): void {
    refused = why;
    buffer = Buffer.alloc(0);
    room.release();
  }

  function onData(chunk: Buffer): void {
    const start = read;
    read += chunk.length;
    if (!refused) {
      if (read > limits.maxBytes) refuse("tooLarge");
      else if (!room.take(chunk.length)) refuse("busy");
      else keep(chunk, start);
    }
    const why = refused;
    if (why && read > limits.drainBytes) settle(() => resolve({ refused: why, isOver: false }));
  }

  function keep(chunk: Buffer, start: number): void {
    if (read > buffer.length) {
      const larger = Buffer.allocUnsafeSlow(Math.max(read, Math.min(2 * buffer.length, limits.maxBytes)));
      buffer.copy(larger, 0, 0, start);
      buffer = larger;
    }
    chunk.copy(buffer, start);
  }

  function onEnd(): void {
    const bytes = buffer.subarray(0, read);
    settle(() => resolve(refused ? { refused, isOver: true } : { bytes, release: () => room.release() }));
  }

  function onBroken(error?: Error): void {
    room.release();
    settle(() => reject(error ?? new Error("closed before its end")));
  }

  function settle(how: () => void): void {
    clearInterval(pace);
    stream.off("data", onData).off("end", onEnd).off("close", onBroken);
    how();
  }
}
