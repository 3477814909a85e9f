import { readdir, stat } from "node:fs/promises";
import { join } from "node:path";
import { AppError } from "@waxseal/core/app-error";

/** A file to import: as named or found, and where it is; `path` is null for standard input. */
export type ListedFile = { shown: string; path: string | null };

const MAX_DEPTH = 8;

/**
 * The files named on the command line, folders with all that is in them, `-` for standard input. Names with a dot in front are left out.
 * @throws AppError `invalid` – one of `paths` does not exist; nothing was imported then
 */
export async function listReportFiles(paths: readonly string[], cwd: string): Promise<ListedFile[]> {
  const files: ListedFile[] = [];
  for (const path of paths) {
    if (path === "-") files.push({ shown: "-", path: null });
    else await collect(path, path.startsWith("/") ? path : join(cwd, path), 0, files);
  }
  return files;
}

async function collect(shown: string, path: string, depth: number, files: ListedFile[]): Promise<void> {
  const info = await stat(path).catch((cause: unknown) => {
    if (depth === 0) throw new AppError("invalid", `There is no file ${shown}.`, { cause });
  });
  // A dangling link in a folder: reading it says what is wrong, and the others are imported.
  if (!info) {
    files.push({ shown, path });
    return;
  }
  if (info.isDirectory() && depth < MAX_DEPTH) {
    for (const name of (await readdir(path)).sort()) {
      if (!name.startsWith(".")) await collect(join(shown, name), join(path, name), depth + 1, files);
    }
  } else if (info.isFile()) {
    files.push({ shown, path });
  }
}
