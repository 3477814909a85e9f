import { close, openSync, write } from "node:fs";
import { Writable } from "node:stream";

/**
 * Opens a log, empty. A full disk costs lines of it, nothing else: were the stream to fail, the process whose output it takes would
 * block, and ours would end.
 */
export function openLogFile(path: string): Writable {
  const file = openSync(path, "w", 0o600);
  return new Writable({
    decodeStrings: true,
    write: (chunk: Buffer, _encoding, done) => write(file, chunk, () => done()),
    final: (done) => close(file, () => done()),
  });
}
