import { readFile } from "node:fs/promises";
import { isAbsolute, join } from "node:path";
import { AppError } from "@waxseal/core/app-error";
import type { Terminal } from "./terminal.ts";

const MAX_CHARS = 1_000;

/**
 * The password for a new user: as given, or the first line of a file or of standard input, where it is asked for when a person sits there.
 * @throws AppError `invalid` – there is no such file, or nothing in it
 */
export async function readPassword(
  terminal: Terminal,
  { password, passwordFile }: { password?: string; passwordFile?: string },
): Promise<string> {
  if (password !== undefined) return password;
  if (passwordFile === undefined || passwordFile === "-") return refuseEmpty(await readInput(terminal));
  const path = isAbsolute(passwordFile) ? passwordFile : join(terminal.cwd, passwordFile);
  const text = await readFile(path, "utf8").catch((cause: unknown) => {
    throw new AppError("invalid", `There is no file ${passwordFile}.`, { cause });
  });
  return refuseEmpty(firstLine(text));
}

async function readInput({ askSecret, stdin }: Terminal): Promise<string> {
  if (askSecret) return askSecret("Password: ");
  let text = "";
  for await (const chunk of stdin) {
    text += chunk.toString();
    if (text.includes("\n") || text.length > MAX_CHARS) break;
  }
  return firstLine(text);
}

function firstLine(text: string): string {
  return text.split(/\r?\n/, 1)[0] ?? "";
}

function refuseEmpty(password: string): string {
  if (password !== "") return password;
  throw new AppError("invalid", "There is no password on the first line.");
}
