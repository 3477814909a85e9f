import { createHash } from "node:crypto";
import { open, readFile, rename, rm } from "node:fs/promises";
import { isToken } from "@waxseal/core";
import type { CaaAccount, TokenAnswers } from "@waxseal/core/zone";
import type { StateFiles } from "@waxseal/runtime";
import type { Zone } from "./create-zone.ts";

/** Keeps a zone on disk. Writing never throws: the nameserver keeps answering without a disk. */
export type ZoneFile = {
  /** The zone has changed: it is written soon, several changes at once. */
  changed(): void;
  /** How long the disk has been without the zone as it is; 0 when it holds it. */
  ageMs(): number;
  /** Writes what is not written yet and ends. */
  close(): Promise<void>;
};

const FORM = "waxseal-zone-2";
const PAUSE_MS = 5_000;
/** What is on disk is at most a minute old whenever it can be written. */
const RETRY_MS = 20_000;
const LINES_PER_WRITE = 5_000;
const NO_ID = "-";
/** Longer than a token: no line can be taken for one of the other kind. */
const ACCOUNT_LINE = "caa-account-of-ours";

type KeptZone = { seq: bigint; tokens: TokenAnswers[]; caaAccounts: CaaAccount[] };

/**
 * The zone as it was kept last, with the end of the change feed it includes; undefined when no file of it is whole.
 * All of it is what the world may ask for, so it is not sealed, and a nameserver needs no keys.
 */
export async function readZoneFile(files: Pick<StateFiles, "list">): Promise<KeptZone | undefined> {
  for (const path of await files.list()) {
    const kept = parseZone(await readFile(path, "latin1").catch(() => ""));
    if (kept) return kept;
  }
  return undefined;
}

function parseZone(text: string): KeptZone | undefined {
  const endAt = text.lastIndexOf("\nend ") + 1;
  if (endAt === 0 || text.slice(endAt) !== `end ${digestOf(text.slice(0, endAt))}\n`) return undefined;
  const [head = "", ...lines] = text.slice(0, endAt - 1).split("\n");
  const [form, seq = ""] = head.split(" ");
  if (form !== FORM || !/^\d{1,19}$/.test(seq)) return undefined;
  const caaAccounts = lines
    .map((line) => line.split(" "))
    .filter(([kind]) => kind === ACCOUNT_LINE)
    .map(([, accountUrl = "", ...caaIdentities]) => ({ accountUrl, caaIdentities }));
  const tokens = lines.slice(caaAccounts.length).map((line): TokenAnswers => {
    const [token = "", id = NO_ID] = line.split(" ");
    return { token, publishedPolicyId: id === NO_ID ? undefined : id };
  });
  return tokens.every(({ token }) => isToken(token)) ? { seq: BigInt(seq), tokens, caaAccounts } : undefined;
}

/** Opens this process' file of a zone for writing: always whole, under another name first. */
export function openZoneFile({
  files,
  zone,
  onError,
  pauseMs = PAUSE_MS,
  retryMs = RETRY_MS,
}: {
  files: StateFiles;
  zone: Pick<Zone, "snapshot">;
  onError(error: unknown): void;
  pauseMs?: number;
  /** How soon a write that failed is tried again. */
  retryMs?: number;
}): ZoneFile {
  let timer: NodeJS.Timeout | undefined;
  let writing = Promise.resolve();
  /** Since when the oldest change that waits has waited. */
  let waitingSinceMs: number | undefined;
  /** The same of what is being written now, and of what could not be written. */
  let unsavedSinceMs: number | undefined;
  let closed = false;

  async function write(): Promise<void> {
    timer = undefined;
    unsavedSinceMs ??= waitingSinceMs;
    waitingSinceMs = undefined;
    try {
      await writeZone(files, zone);
      unsavedSinceMs = undefined;
    } catch (error) {
      onError(error);
      if (!closed) plan(retryMs);
    }
  }

  function plan(waitMs: number): void {
    waitingSinceMs ??= performance.now();
    timer ??= setTimeout(() => {
      writing = writing.then(write);
    }, waitMs);
  }

  return {
    changed: () => plan(pauseMs),
    ageMs: () => {
      const sinceMs = unsavedSinceMs ?? waitingSinceMs;
      return sinceMs === undefined ? 0 : performance.now() - sinceMs;
    },
    close: async () => {
      closed = true;
      if (timer) {
        clearTimeout(timer);
        writing = writing.then(write);
      }
      await writing;
      files.release();
    },
  };
}

async function writeZone(files: StateFiles, zone: Pick<Zone, "snapshot">): Promise<void> {
  const kept = zone.snapshot();
  if (!kept) return;
  const path = files.claim();
  const file = await open(`${path}.tmp`, "w", 0o600);
  try {
    const digest = createHash("sha256");
    const put = async (text: string) => {
      digest.update(text, "latin1");
      await file.write(text, null, "latin1");
    };
    await put(`${FORM} ${kept.seq}\n`);
    for (const { accountUrl, caaIdentities } of kept.caaAccounts) {
      await put(`${[ACCOUNT_LINE, accountUrl, ...caaIdentities].join(" ")}\n`);
    }
    for (let start = 0; start < kept.tokens.length; start += LINES_PER_WRITE) {
      const lines = kept.tokens
        .slice(start, start + LINES_PER_WRITE)
        .map(([token, id]) => `${token} ${id ?? NO_ID}\n`);
      await put(lines.join(""));
    }
    await file.write(`end ${digest.digest("hex")}\n`, null, "latin1");
    await file.sync();
  } catch (error) {
    // What a full disk took of it is needed for the next try.
    await rm(`${path}.tmp`, { force: true }).catch(() => undefined);
    throw error;
  } finally {
    await file.close();
  }
  await rename(`${path}.tmp`, path);
}

function digestOf(text: string): string {
  return createHash("sha256").update(text, "latin1").digest("hex");
}
