import type { Readable } from "node:stream";
import type { Gate } from "./create-gate.ts";

/** What was read; `tooLarge` and `busy` hold nothing, though everything was read to its end. */
export type Collected = { bytes: Buffer; release(): void } | { refused: "tooLarge" | "busy" };

/**
 * Reads a stream to its end into memory, as long as it stays within `maxBytes` and the gate has room.
 * `release` gives the room back and must be called once the bytes are done with.
 * @throws Error what the stream fails with, e.g. when the client goes away
 */
export async function collectBytes(stream: Readable, maxBytes: number, gate: Gate): Promise<Collected> {
  let chunks: Buffer[] = [];
  let taken = 0;
  let refused: "tooLarge" | "busy" | undefined;
  const release = () => {
    chunks = [];
    gate.giveBytes(taken);
    taken = 0;
  };
  try {
    for await (const chunk of stream as AsyncIterable<Buffer>) {
      if (refused) continue;
      if (taken + chunk.length > maxBytes) refused = "tooLarge";
      else if (!gate.takeBytes(chunk.length)) refused = "busy";
      if (refused) release();
      else {
        taken += chunk.length;
        chunks.push(chunk);
      }
    }
  } catch (error) {
    release();
    throw error;
  }
  return refused ? { refused } : { bytes: Buffer.concat(chunks), release };
}
