import { execFileSync } from "node:child_process";
import { readFileSync } from "node:fs";
import { fileURLToPath } from "node:url";

/** The repository's top folder, without a trailing slash. */
export const rootDir = fileURLToPath(new URL("../../..", import.meta.url)).replace(/\/$/, "");

/** Paths of all files git tracks or would track, relative to the top folder. */
export function listFiles(): string[] {
  const output = execFileSync("git", ["ls-files", "--cached", "--others", "--exclude-standard"], {
    cwd: rootDir,
    encoding: "utf8",
  });
  return [...new Set(output.split("\n"))].filter((path) => path !== "" && exists(path)).sort();
}

/** The text of one of them. */
export function readText(path: string): string {
  return readFileSync(`${rootDir}/${path}`, "utf8");
}

/** Source files in TypeScript, generated ones left out. */
export function listSources(): string[] {
  return listFiles().filter(
    (path) => /^(apps|packages)\/.*\.tsx?$/.test(path) && !path.includes("/generated/"),
  );
}

function exists(path: string): boolean {
  try {
    readFileSync(`${rootDir}/${path}`);
    return true;
  } catch {
    return false;
  }
}
