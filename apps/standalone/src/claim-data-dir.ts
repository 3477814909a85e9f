import { existsSync, mkdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { explainFileError } from "@waxseal/runtime";

/** What other commands need to reach a running standalone: `./waxseal` reads it. */
export type RunningState = {
  pid: number;
  startedAt: string;
  /** The environment its processes run with, secrets included; the file is for its owner only. */
  env: Record<string, string>;
  /** Process id of each app, by name. */
  apps: Record<string, number | undefined>;
};

export type DataDirClaim = {
  publish(state: Omit<RunningState, "pid" | "startedAt">): void;
  release(): void;
};

/**
 * Makes the data folder ours alone for as long as we run.
 * @throws Error one sentence when another standalone runs on it or it cannot be written
 */
export function claimDataDir(dataDir: string): DataDirClaim {
  const file = join(dataDir, "running.json");
  try {
    mkdirSync(dataDir, { recursive: true });
  } catch (cause) {
    throw new Error(`The data folder ${dataDir} cannot be made: that path ${explainFileError(cause)}.`, {
      cause,
    });
  }
  const other = readRunning(file);
  if (other !== undefined && other !== process.pid && isStandalone(other)) {
    throw new Error(`Waxseal is already running on ${dataDir} (process ${other}). Stop that one first.`);
  }
  const startedAt = new Date().toISOString();
  const write = (state: Omit<RunningState, "pid" | "startedAt">) =>
    writeFileSync(file, `${JSON.stringify({ pid: process.pid, startedAt, ...state }, null, 2)}\n`, {
      mode: 0o600,
    });
  try {
    write({ env: {}, apps: {} });
  } catch (cause) {
    throw new Error(`The data folder ${dataDir} cannot be written: it ${explainFileError(cause)}.`, {
      cause,
    });
  }
  return { publish: write, release: () => rmSync(file, { force: true }) };
}

function readRunning(file: string): number | undefined {
  try {
    const state: unknown = JSON.parse(readFileSync(file, "utf8"));
    return typeof state === "object" && state !== null && "pid" in state ? Number(state.pid) : undefined;
  } catch {
    return undefined;
  }
}

/** After a reboot the same process id may be something else entirely. */
function isStandalone(pid: number): boolean {
  try {
    process.kill(pid, 0);
  } catch {
    return false;
  }
  const cmdline = `/proc/${pid}/cmdline`;
  return !existsSync(cmdline) || readFileSync(cmdline, "utf8").includes("standalone");
}
