import { readFile } from "node:fs/promises";
import { AppError } from "@waxseal/core/app-error";
import { readLogin } from "./login-file.ts";
import type { Terminal } from "./terminal.ts";

/** The API that customer commands speak to, and the key to it. */
export type Remote = { url: string; token: string | undefined };

/**
 * The API that the command line, the environment or the saved login names, in this order; undefined where commands work on a database.
 *
 * A database that the environment names wins over the saved login. The key of a login is sent to no address but its own.
 * @throws AppError `invalid` – there is a key but no address
 */
export async function findRemote({ env, named = {} }: Terminal): Promise<Remote | undefined> {
  const url = named.url ?? (env.WAXSEAL_URL || undefined);
  const token = named.token ?? (await readToken(env));
  const login = await readLogin(env);
  if (url !== undefined) return { url, token: token ?? (isSame(url, login?.url) ? login?.token : undefined) };
  if (named.token !== undefined)
    throw new AppError("invalid", "Name the address of the API too: --url or WAXSEAL_URL.");
  if (env.DATABASE_URL || env.DATABASE_URL_FILE) return undefined;
  return login && { url: login.url, token: token ?? login.token };
}

async function readToken(env: NodeJS.ProcessEnv): Promise<string | undefined> {
  const { WAXSEAL_TOKEN: token, WAXSEAL_TOKEN_FILE: path } = env;
  if (token) return token;
  if (!path) return undefined;
  const text = await readFile(path, "utf8").catch((cause: unknown) => {
    throw new AppError("invalid", `There is no file ${path}, which WAXSEAL_TOKEN_FILE names.`, { cause });
  });
  return text.trim();
}

function isSame(url: string, other: string | undefined): boolean {
  return other !== undefined && url.replace(/\/+$/, "") === other.replace(/\/+$/, "");
}

/** @throws AppError `invalid` – the command line names an API, and this command works on the database */
export function refuseRemote({ named }: Terminal): void {
  if (named?.url === undefined) return;
  throw new AppError(
    "invalid",
    "This command works on the database of the installation and not through its API: run it without --url on a machine that reaches the database.",
  );
}
