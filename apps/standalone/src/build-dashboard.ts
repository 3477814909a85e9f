import { execFile } from "node:child_process";
import { mkdir, readdir, rm, stat } from "node:fs/promises";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { promisify } from "node:util";

/** A build takes seconds; a lock older than this was left by one that was killed. */
const LOCK_LASTS_MS = 180_000;

/**
 * Builds the dashboard when there is no build or a source file is newer than it; waits while another process does.
 * Returns whether it was built now.
 */
export async function buildDashboard(rootDir: string, env: NodeJS.ProcessEnv): Promise<boolean> {
  const lockDir = join(rootDir, "node_modules/.building-dashboard");
  for (;;) {
    // While it is locked its files are newer than the sources, and not complete.
    const isLocked = (await stat(lockDir).catch(() => undefined)) !== undefined;
    if (!isLocked && (await isBuilt(rootDir))) return false;
    if (await lock(lockDir)) break;
    await sleep(100);
  }
  try {
    // Another process may have built it before this one got the lock.
    if (await isBuilt(rootDir)) return false;
    await build(rootDir, env);
    return true;
  } finally {
    await rm(lockDir, { recursive: true, force: true });
  }
}

/** Whether the lock is ours now. */
async function lock(lockDir: string): Promise<boolean> {
  try {
    await mkdir(lockDir);
    return true;
  } catch (error) {
    if (!(error instanceof Error && "code" in error && error.code === "EEXIST")) throw error;
    const held = await stat(lockDir).catch(() => undefined);
    if (held && Date.now() - held.mtimeMs > LOCK_LASTS_MS)
      await rm(lockDir, { recursive: true, force: true });
    return false;
  }
}

async function isBuilt(rootDir: string): Promise<boolean> {
  const dashboard = join(rootDir, "apps/dashboard");
  const built = await newestChange([join(dashboard, "dist")]);
  const sources = await newestChange([
    join(dashboard, "src"),
    join(dashboard, "public"),
    join(dashboard, "index.html"),
    join(dashboard, "vite.config.ts"),
    join(rootDir, "packages/contract/src"),
    join(rootDir, "packages/mta-sts/src"),
    join(rootDir, "packages/tls-rpt/src"),
  ]);
  return built >= sources;
}

async function build(rootDir: string, env: NodeJS.ProcessEnv): Promise<void> {
  const npm = process.platform === "win32" ? "npm.cmd" : "npm";
  await promisify(execFile)(npm, ["run", "build"], {
    cwd: rootDir,
    // Test runners set "test" here, which would select React's slow development build.
    env: { ...env, NODE_ENV: "production" },
  }).catch((cause: { stderr?: string }) => {
    const reason = cause.stderr ? `:\n${cause.stderr}` : ", since npm cannot be run.";
    throw new Error(`The dashboard could not be built${reason}`, { cause });
  });
}

/** The newest modification among files and folders, in ms since 1970; 0 when there is none. */
async function newestChange(paths: string[]): Promise<number> {
  let newest = 0;
  for (const path of paths) {
    const info = await stat(path).catch(() => undefined);
    if (!info) continue;
    if (!info.isDirectory()) newest = Math.max(newest, info.mtimeMs);
    else
      for (const name of await readdir(path))
        newest = Math.max(newest, await newestChange([join(path, name)]));
  }
  return newest;
}
