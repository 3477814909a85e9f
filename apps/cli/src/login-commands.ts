import { hostname } from "node:os";
import { setTimeout as delay } from "node:timers/promises";
import { createClient, eachItem, type Schemas, WaxsealError } from "@waxseal/client";
import { AppError } from "@waxseal/core/app-error";
import { type Command, Option } from "commander";
import { loginPath, readLogin, removeLogin, saveLogin } from "./login-file.ts";
import type { Run } from "./run-cli.ts";
import type { Outcome, Terminal } from "./terminal.ts";

type Scope = Schemas["DeviceKey"]["scope"];
type Waiting = Schemas["DeviceLoginStart"];

const SLOWER_SECONDS = 5;

/** `login` and `logout`. RFC 8628 */
export function loginCommands(program: Command, run: Run): void {
  program
    .command("login")
    .description("sign in to an installation in your browser; the API key is kept for this user")
    .addOption(
      new Option("--scope <scope>", "what you ask for; in the browser you decide")
        .choices(["read", "onboard", "write", "admin"])
        .default("write"),
    )
    .addHelpText("after", "\nExamples:\n  waxseal login --url https://waxseal.example")
    .action(({ scope }: { scope: Scope }) => run((terminal) => login(terminal, scope)));
  program
    .command("logout")
    .description("forget the API key of login, and revoke it where it may do so")
    .action(() => run(logout));
}

async function login(terminal: Terminal, scope: Scope): Promise<Outcome> {
  const url = terminal.named?.url ?? terminal.env.WAXSEAL_URL;
  if (!url) throw new AppError("invalid", "Name the installation: waxseal login --url https://…");
  const path = pathOf(terminal);
  const client = createClient({ url });
  const started = await client.createDeviceLogin({
    body: { client: `waxseal on ${hostname()}`.slice(0, 60), scope },
  });
  terminal.writeErr(
    `Open ${started.verificationUriComplete}\nand check that it shows the code ${started.userCode}. Waiting…\n`,
  );
  const { key, account, scope: given } = await awaitKey(client, started, terminal);
  await saveLogin(path, { url, token: key, account: account.id });
  return {
    json: { url, account: account.id, name: account.name, scope: given, file: path },
    text: `You work in ${account.name} now, with the scope ${given}. The key is kept in ${path}; waxseal logout forgets it.\n`,
  };
}

/** Asks until the person has decided. RFC 8628 §3.5 */
async function awaitKey(
  client: ReturnType<typeof createClient>,
  { deviceCode, intervalSeconds, expiresInSeconds }: Waiting,
  { pause = delay }: Terminal,
): Promise<Schemas["DeviceKey"]> {
  const end = performance.now() + expiresInSeconds * 1_000;
  for (let seconds = intervalSeconds; performance.now() < end; ) {
    await pause(seconds * 1_000);
    try {
      return await client.pollDeviceLogin({ body: { deviceCode } });
    } catch (error) {
      const reason = error instanceof WaxsealError ? error.reason : "";
      const isAway = error instanceof WaxsealError && (error.status === 0 || error.status >= 500);
      // A server that does not answer is asked less often too.
      if (reason === "slow_down" || isAway) seconds += SLOWER_SECONDS;
      else if (reason !== "authorization_pending") throw error;
    }
  }
  throw new AppError("not_found", "The code has expired. Run waxseal login again.", {
    reason: "expired_token",
  });
}

async function logout(terminal: Terminal): Promise<Outcome> {
  const path = pathOf(terminal);
  const saved = await readLogin(terminal.env);
  if (!saved) return { json: { loggedOut: false }, text: "There is no login on this machine.\n" };
  const isRevoked = await revoke(saved);
  await removeLogin(path);
  const rest = isRevoked
    ? ""
    : ` Revoke it at ${saved.url} under Settings, API keys: this key may not do that itself.`;
  return { json: { loggedOut: true, revoked: isRevoked }, text: `The key is forgotten.${rest}\n` };
}

/** Revokes the key with itself, where its scope allows that. */
async function revoke({ url, token }: { url: string; token: string }): Promise<boolean> {
  try {
    const client = createClient({ url, token });
    for await (const { id, start } of eachItem((cursor) => client.listApiKeys({ query: { cursor } })))
      if (start !== null && token.startsWith(start)) {
        await client.deleteApiKey({ path: { id } });
        return true;
      }
    return false;
  } catch {
    return false;
  }
}

function pathOf({ env }: Terminal): string {
  const path = loginPath(env);
  if (path) return path;
  throw new AppError("invalid", "There is no place for the login: set HOME or XDG_CONFIG_HOME.");
}
