import { execFile } from "node:child_process";
import { mkdir, readdir, readFile, symlink } from "node:fs/promises";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { promisify } from "node:util";

const run = promisify(execFile);

/** The repository that these tests belong to. */
export const THIS_RELEASE = fileURLToPath(new URL("../../..", import.meta.url)).replace(/\/$/, "");

/**
 * Puts the code of the last release into `folder`, ready to run: the newest tag `v…`, or, before the first tag, the commit that gave
 * package.json its version. Its dependencies are those installed here. Returns its commit.
 */
export async function preparePreviousRelease(folder: string): Promise<string> {
  const commit = await findPreviousRelease();
  await mkdir(folder);
  const git = ["-C", THIS_RELEASE, "archive", "--format=tar", `--output=${folder}.tar`, commit];
  await run("git", git);
  await run("tar", ["-xf", `${folder}.tar`, "-C", folder]);
  await linkModules(folder);
  await run(process.execPath, ["packages/db/generate.mjs"], { cwd: folder });
  return commit;
}

async function findPreviousRelease(): Promise<string> {
  const git = async (...args: string[]) => (await run("git", ["-C", THIS_RELEASE, ...args])).stdout.trim();
  const tag = await git("describe", "--tags", "--match", "v*", "--abbrev=0").catch(() => "");
  if (tag) return tag;
  const { version } = JSON.parse(await readFile(join(THIS_RELEASE, "package.json"), "utf8")) as {
    version: string;
  };
  const commits = await git("log", "--format=%H", `-S"version": "${version}"`, "--", "package.json");
  const commit = commits.split("\n").at(-1);
  if (!commit) throw new Error("The history of this clone does not reach to the last release.");
  return commit;
}

/** Everything that is installed here, but the packages of the repository itself are those of the folder. */
async function linkModules(folder: string): Promise<void> {
  const installed = join(THIS_RELEASE, "node_modules");
  await mkdir(join(folder, "node_modules/@waxseal"), { recursive: true });
  for (const name of await readdir(installed))
    if (name !== "@waxseal") await symlink(join(installed, name), join(folder, "node_modules", name));
  for (const name of await readdir(join(folder, "packages"))) {
    await symlink(join(folder, "packages", name), join(folder, "node_modules/@waxseal", name));
    const own = join(THIS_RELEASE, "packages", name, "node_modules");
    await symlink(own, join(folder, "packages", name, "node_modules"));
  }
}
