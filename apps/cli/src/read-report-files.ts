import { readdir, readFile, stat } from "node:fs/promises";
import { join } from "node:path";
import { AppError } from "@waxseal/core";
import type { ReportFile } from "@waxseal/core/reports";

const MAX_FILE_BYTES = 512 * 1024 * 1024;
const MAX_DEPTH = 8;

/**
 * The files named on the command line, folders with all that is in them, `-` for standard input; read one at a time.
 * @throws AppError `invalid` – one does not exist, is no file, or is larger than 512 MiB
 */
export async function* readReportFiles(
  paths: readonly string[],
  cwd: string,
  stdin: AsyncIterable<Buffer | string>,
): AsyncGenerator<ReportFile> {
  for (const path of paths) {
    if (path === "-") yield { fileName: "-", bytes: await readStream(stdin) };
    else yield* readPath(path, path.startsWith("/") ? path : join(cwd, path), 0);
  }
}

async function* readPath(shown: string, path: string, depth: number): AsyncGenerator<ReportFile> {
  const info = await stat(path).catch((cause: unknown) => {
    throw new AppError("invalid", `There is no file ${shown}.`, { cause });
  });
  if (info.isDirectory() && depth < MAX_DEPTH) {
    for (const name of (await readdir(path)).sort()) {
      if (!name.startsWith(".")) yield* readPath(join(shown, name), join(path, name), depth + 1);
    }
  } else if (info.isFile()) {
    if (info.size > MAX_FILE_BYTES) throw new AppError("invalid", `${shown} is larger than 512 MiB.`);
    yield { fileName: shown, bytes: await readFile(path) };
  }
}

async function readStream(stream: AsyncIterable<Buffer | string>): Promise<Buffer> {
  const chunks: Buffer[] = [];
  let bytes = 0;
  for await (const chunk of stream) {
    const buffer = Buffer.from(chunk);
    bytes += buffer.length;
    if (bytes > MAX_FILE_BYTES) throw new AppError("invalid", "Standard input is larger than 512 MiB.");
    chunks.push(buffer);
  }
  return Buffer.concat(chunks);
}
