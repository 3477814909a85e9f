import { existsSync, readFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { AppError } from "@waxseal/core/app-error";
import { z } from "zod";

const RunningFile = z.object({ env: z.record(z.string(), z.string()) });

/**
 * The settings commands work with: the environment when it names a database, else those of the standalone that runs in this
 * folder or the nearest one above it.
 * @throws AppError `unavailable` – the standalone there has not finished starting
 */
export function findSettings(env: NodeJS.ProcessEnv, cwd: string): NodeJS.ProcessEnv {
  if (env.DATABASE_URL || env.DATABASE_URL_FILE) return env;
  const file = findRunningFile(cwd);
  if (file === undefined) return env;
  const running = RunningFile.safeParse(JSON.parse(readFileSync(file, "utf8")));
  if (!running.success || !running.data.env.DATABASE_URL) {
    throw new AppError("unavailable", "Waxseal is still starting here. Try again in a moment.", {
      reason: "not_running",
    });
  }
  return { ...env, ...running.data.env };
}

function findRunningFile(cwd: string): string | undefined {
  for (let folder = cwd; ; folder = dirname(folder)) {
    const file = join(folder, ".waxseal", "running.json");
    if (existsSync(file)) return file;
    if (dirname(folder) === folder) return undefined;
  }
}
