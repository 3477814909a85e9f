// A thread of storeBenchMails: writes one mail after the other into a file and returns the offset of each.
import { closeSync, openSync, writeSync } from "node:fs";
import { parentPort, workerData } from "node:worker_threads";
import { makeBenchReport } from "./make-bench-reports.ts";

/** What the thread is given. */
export type StoreMails = { path: string; count: number; domains: readonly string[]; lastDay: Date };

/** Offset of a mail in the file, its gzip behind it. */
export type StoredMail = { id: string; day: string; at: number; rawBytes: number; gzipBytes: number };

const { path, count, domains, lastDay }: StoreMails = workerData;
const file = openSync(path, "w");
const stored: StoredMail[] = [];
let at = 0;
for (let index = 0; index < count; index++) {
  const { id, day, raw, gzip } = makeBenchReport(index, domains, lastDay);
  writeSync(file, raw);
  writeSync(file, gzip);
  stored.push({ id, day, at, rawBytes: raw.length, gzipBytes: gzip.length });
  at += raw.length + gzip.length;
}
closeSync(file);
parentPort?.postMessage(stored);
