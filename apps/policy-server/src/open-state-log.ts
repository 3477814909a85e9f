import { constants, createReadStream } from "node:fs";
import { chmod, open, rename, rm } from "node:fs/promises";
import { dirname } from "node:path";
import { createInterface } from "node:readline";
import type { SecretBox } from "@waxseal/core/secret-box";
import type { StateFiles } from "@waxseal/runtime";
import { z } from "zod";

/** One line of the log, in the order it took effect. */
export type StateEntry =
  | { kind: "policies"; items: [policyHost: string, body: string | null, version?: number | undefined][] }
  | {
      /** Keys are open in it: the line is sealed as a whole. */
      kind: "open-certificates";
      /** Texts of issuers; items point into it. */
      issuers: string[];
      items: [host: string, leafPem: string, issuers: number, keyPem: string, notAfterMs: number][];
    }
  /** Everything before it includes the change feed up to here. */
  | { kind: "seq"; seq: string };

const Entry = z.discriminatedUnion("kind", [
  z.object({
    kind: z.literal("policies"),
    items: z.array(z.tuple([z.string(), z.string().nullable(), z.int().optional()])),
  }),
  z.object({
    kind: z.literal("open-certificates"),
    issuers: z.array(z.string()),
    items: z.array(z.tuple([z.string(), z.string(), z.number(), z.string(), z.number()])),
  }),
  z.object({ kind: z.literal("seq"), seq: z.string().regex(/^\d{1,19}$/) }),
]);

/** A copy on disk of a policy server's memory. Writing never throws: serving continues without a disk. */
export type StateLog = {
  /** Adds what has just taken effect. */
  append(entries: readonly StateEntry[]): void;
  /** Replaces everything by a snapshot, soon. */
  rewrite(): void;
  /** Resolves when everything so far is on disk, or could not be written. */
  flush(): Promise<void>;
  /** How long the disk has been without something that is in memory; 0 when it holds everything. */
  ageMs(): number;
  /** Ends writing. */
  close(): Promise<void>;
};

type Deps = {
  files: StateFiles;
  secretBox: SecretBox;
  /** Everything in memory, asked for bit by bit; ends with the seq as it was when asked first. */
  snapshot(): Iterable<StateEntry>;
  onError(error: unknown): void;
  /** How soon a write that failed is tried again. */
  retryMs?: number;
};

/** What is on disk is at most a minute old whenever it can be written. */
const RETRY_MS = 20_000;
/** A log this many times the snapshot, and not tiny, is rewritten. */
const GROWTH = 2;
const SMALL_BYTES = 1_000_000;

/**
 * Reads the entries of the newest log that we can open, oldest entry first; none when there is no log.
 *
 * Every line is sealed separately. Reading ends at the first line that does not open: what was cut off while it was
 * written, or is under a key we do not have any more.
 */
export async function* readStateLog(
  files: Pick<StateFiles, "list">,
  secretBox: SecretBox,
): AsyncGenerator<StateEntry> {
  for (const path of await files.list()) {
    let entries = 0;
    for await (const entry of readLog(path, secretBox)) {
      entries += 1;
      yield entry;
    }
    if (entries > 0) return;
  }
}

async function* readLog(path: string, secretBox: SecretBox): AsyncGenerator<StateEntry> {
  const input = createReadStream(path, "latin1");
  try {
    for await (const line of createInterface({ input, crlfDelay: Number.POSITIVE_INFINITY })) {
      const entry = await openLine(line, secretBox);
      if (!entry) return;
      yield entry;
    }
  } catch {
    // No log, or a disk that fails half-way: what was read is what there is.
  } finally {
    input.destroy();
  }
}

/** Opens this process' log for writing. The first write is always a whole snapshot, so a torn end is gone. */
export function openStateLog(deps: Deps): StateLog {
  let pending: StateEntry[] = [];
  let rewriteAsked = true;
  let closed = false;
  /** Since when the oldest of what waits has waited. */
  let waitingSinceMs: number | undefined;
  /** The same of what is being written now, and of what could not be written. */
  let unsavedSinceMs: number | undefined;
  let retry: NodeJS.Timeout | undefined;
  let snapshotBytes = 0;
  let logBytes = 0;
  let isWriting = false;
  let writing: Promise<void> | undefined;

  async function writeSnapshot(): Promise<void> {
    const path = deps.files.claim();
    snapshotBytes = 0;
    try {
      await writeLines(`${path}.tmp`);
      await rename(`${path}.tmp`, path);
    } catch (error) {
      // What a full disk took of it is needed for the next try.
      await rm(`${path}.tmp`, { force: true }).catch(() => undefined);
      throw error;
    }
    await syncFolder(dirname(path));
    logBytes = snapshotBytes;
  }

  async function writeLines(path: string): Promise<void> {
    const file = await open(path, "w", 0o600);
    try {
      for (const entry of deps.snapshot()) {
        const line = await sealLine(entry, deps.secretBox);
        await file.write(line, null, "latin1");
        snapshotBytes += line.length;
      }
      await file.sync();
    } finally {
      await file.close();
    }
    await chmod(path, 0o600);
  }

  async function appendLines(entries: readonly StateEntry[]): Promise<void> {
    const lines = await Promise.all(entries.map((entry) => sealLine(entry, deps.secretBox)));
    // Lines without their snapshot must not start a new log in place of a deleted one.
    const file = await open(deps.files.claim(), constants.O_WRONLY | constants.O_APPEND);
    try {
      await file.write(lines.join(""), null, "latin1");
      await file.datasync();
    } finally {
      await file.close();
    }
    logBytes += lines.reduce((sum, line) => sum + line.length, 0);
  }

  async function write(): Promise<void> {
    clearTimeout(retry);
    retry = undefined;
    while (rewriteAsked || pending.length > 0) {
      const entries = pending;
      pending = [];
      unsavedSinceMs ??= waitingSinceMs;
      waitingSinceMs = undefined;
      try {
        if (rewriteAsked) {
          rewriteAsked = false;
          await writeSnapshot();
        } else {
          await appendLines(entries);
          rewriteAsked = logBytes > Math.max(SMALL_BYTES, snapshotBytes * GROWTH);
        }
        unsavedSinceMs = undefined;
      } catch (error) {
        // A line may have been written in part: only a whole snapshot puts that right.
        pending = [];
        rewriteAsked = false;
        retryLater();
        deps.onError(error);
      }
    }
    // At once and not when the promise resolves: what is added between the two would wait for the next change.
    isWriting = false;
  }

  function retryLater(): void {
    retry ??= setTimeout(() => {
      retry = undefined;
      rewriteAsked = true;
      start();
    }, deps.retryMs ?? RETRY_MS);
    retry.unref();
  }

  function start(): void {
    if (closed || isWriting) return;
    isWriting = true;
    writing = write();
  }

  return {
    append: (entries) => {
      if (closed) return;
      waitingSinceMs ??= performance.now();
      pending.push(...entries);
      if (retry) rewriteAsked = true;
      start();
    },
    rewrite: () => {
      waitingSinceMs ??= performance.now();
      rewriteAsked = true;
      start();
    },
    ageMs: () => {
      const sinceMs = unsavedSinceMs ?? waitingSinceMs;
      return sinceMs === undefined ? 0 : performance.now() - sinceMs;
    },
    flush: async () => {
      await writing;
    },
    close: async () => {
      await writing;
      closed = true;
      clearTimeout(retry);
      deps.files.release();
    },
  };
}

async function sealLine(entry: StateEntry, secretBox: SecretBox): Promise<string> {
  return `${await secretBox.seal(JSON.stringify(entry))}\n`;
}

async function openLine(line: string, secretBox: SecretBox): Promise<StateEntry | undefined> {
  try {
    const result = Entry.safeParse(JSON.parse(await secretBox.open(line)));
    return result.success ? result.data : undefined;
  } catch {
    return undefined;
  }
}

/** A rename is only durable once its folder is. */
async function syncFolder(folder: string): Promise<void> {
  const handle = await open(folder, "r");
  try {
    await handle.sync();
  } finally {
    await handle.close();
  }
}
