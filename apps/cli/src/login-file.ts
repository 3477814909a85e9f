import { readFile } from "node:fs/promises";
import { join } from "node:path";

/** The API key that `waxseal login` keeps, the installation that it is for, and the account that it belongs to. */
export type SavedLogin = { url: string; token: string; account: string };

/** Where it is kept, by the XDG base directories; undefined without a home. */
function loginPath({ XDG_CONFIG_HOME: config, HOME: home }: NodeJS.ProcessEnv): string | undefined {
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
