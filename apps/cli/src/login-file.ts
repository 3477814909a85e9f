import { randomUUID } from "node:crypto";
import { chmod, mkdir, open, readFile, rename, rm } from "node:fs/promises";
import { dirname, join } from "node:path";

/** The API key that `waxseal login` keeps, the installation that it is for, and the account that it belongs to. */
export type SavedLogin = { url: string; token: string; account: string };

/** Where it is kept, by the XDG base directories; undefined without a home. */
export function loginPath({ XDG_CONFIG_HOME: config, HOME: home }: NodeJS.ProcessEnv): string | undefined {
  // A relative path is to be ignored (XDG Base Directory Specification).
  const folder = config?.startsWith("/") ? config : home && join(home, ".config");
  return folder ? join(folder, "waxseal", "login.json") : undefined;
}

/** The saved login; undefined when there is none, or none that can be read. */
export async function readLogin(env: NodeJS.ProcessEnv): Promise<SavedLogin | undefined> {
  const path = loginPath(env);
  if (!path) return undefined;
  try {
    const { url, token, account = "" } = Object(JSON.parse(await readFile(path, "utf8")));
    if (typeof url !== "string" || typeof token !== "string") return undefined;
    return { url, token, account: String(account) };
  } catch {
    return undefined;
  }
}

/** Keeps a login so that only this user reads it, in place of an earlier one. */
export async function saveLogin(path: string, login: SavedLogin): Promise<void> {
  await mkdir(dirname(path), { recursive: true, mode: 0o700 });
  await chmod(dirname(path), 0o700);
  // A new file of its own mode, so that no moment shows the key to others.
  const draft = `${path}.${randomUUID()}`;
  const file = await open(draft, "wx", 0o600);
  try {
    await file.writeFile(`${JSON.stringify(login, null, 2)}\n`);
    await file.sync();
  } finally {
    await file.close();
  }
  await rename(draft, path);
}

/** Forgets the login. */
export async function removeLogin(path: string): Promise<void> {
  await rm(path, { force: true });
}
