import { once } from "node:events";
import { readSync } from "node:fs";
import { open } from "node:fs/promises";
import { Worker } from "node:worker_threads";
import type { BenchReportMail } from "./make-bench-reports.ts";
import type { StoredMail, StoreMails } from "./store-bench-mails-main.ts";

/** Mails on disk, read back some at a time. */
export type BenchMails = {
  count: number;
  read(from: number, length: number): BenchReportMail[];
  close(): Promise<void>;
};

/** Makes mails in a thread of its own and keeps them in a file: neither their cost nor their garbage is in what is measured. */
export async function storeBenchMails(wanted: StoreMails): Promise<BenchMails> {
  const worker = new Worker(new URL("./store-bench-mails-main.ts", import.meta.url), { workerData: wanted });
  const [stored]: StoredMail[][] = await once(worker, "message");
  if (!stored) throw new Error("no mail was made");
  await once(worker, "exit");
  const file = await open(wanted.path);
  const slice = (place: number, length: number) => {
    const bytes = Buffer.allocUnsafeSlow(length);
    readSync(file.fd, bytes, 0, length, place);
    return bytes;
  };
  return {
    count: stored.length,
    read: (from, length) => {
      const mails = stored.slice(from, from + length);
      const [first, last] = [mails[0], mails.at(-1)];
      if (!first || !last) return [];
      const bytes = slice(first.at, last.at + last.rawBytes + last.gzipBytes - first.at);
      return mails.map(({ id, day, at, rawBytes, gzipBytes }) => {
        const begin = at - first.at;
        const raw = bytes.subarray(begin, begin + rawBytes);
        return { id, day, raw, gzip: bytes.subarray(begin + rawBytes, begin + rawBytes + gzipBytes) };
      });
    },
    close: () => file.close(),
  };
}
