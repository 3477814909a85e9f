import { mkdtemp, rm } from "node:fs/promises";
import { request } from "node:https";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, expect, test } from "vitest";
import { type Authority, openAuthority } from "./open-authority.ts";
import { HOOKS_DOMAIN, type HookCatcher, startHookCatcher } from "./start-hook-catcher.ts";

let dir: string;
let authority: Authority;
let catcher: HookCatcher;
beforeAll(async () => {
  dir = await mkdtemp(join(tmpdir(), "waxseal-hooks-"));
  authority = await openAuthority({ dataDir: dir, now: () => new Date() });
  catcher = await startHookCatcher({ port: 0, authority, zones: undefined });
});
afterAll(async () => {
  await catcher.stop();
  await rm(dir, { recursive: true, force: true });
});

function post(path: string, body: unknown): Promise<number> {
  const { promise, resolve, reject } = Promise.withResolvers<number>();
  const { port } = new URL(catcher.url);
  const tls = { host: "127.0.0.1", port, servername: HOOKS_DOMAIN, ca: authority.rootPem };
  const headers = { "content-type": "application/json" };
  const sent = request({ ...tls, path, method: "POST", headers, agent: false }, (response) => {
    response.resume();
    response.on("end", () => resolve(response.statusCode ?? 0));
  });
  sent.on("error", reject);
  sent.end(JSON.stringify(body));
  return promise;
}

test.each([
  ["/slack/x", { text: "hello" }, 200],
  ["/slack/x", { blocks: [] }, 400],
  ["/teams/x", { type: "message", attachments: [{ content: { type: "AdaptiveCard" } }] }, 202],
  ["/teams/x", { text: "an old connector card" }, 400],
  ["/discord/x", { embeds: [{ title: "t" }] }, 204],
  ["/discord/x", { embeds: [{ title: "t".repeat(257) }] }, 400],
  ["/pagerduty/x", { routing_key: "k", event_action: "trigger" }, 202],
  ["/webhook/x", { any: "thing" }, 200],
  ["/webhook/x?mode=410", {}, 410],
  ["/slack/x?mode=429", { text: "hello" }, 429],
  ["/webhook/x?mode=redirect", {}, 302],
])("%s answers as the real service does to %j: %i", async (path, body, status) => {
  expect(await post(path, body)).toBe(status);
  expect(catcher.hooks[0]).toMatchObject({ path, status, body: JSON.stringify(body) });
});
