import { createServer, type Server } from "node:https";
import { setTimeout as delay } from "node:timers/promises";
import Fastify, { type FastifyReply, type FastifyRequest } from "fastify";
import type { Authority } from "./open-authority.ts";
import type { ZoneStore } from "./open-zone-store.ts";

/** The made-up name at which services take messages. */
export const HOOKS_DOMAIN = "sandbox-hooks.example";
const KINDS = ["webhook", "slack", "teams", "discord", "pagerduty"] as const;
type HookKind = (typeof KINDS)[number];

const MAX_HOOKS = 100;
const MAX_BYTES = 64 * 1024;
const SLOW_MS = 20_000;

/** A message that a service took, or refused on request. */
export type CaughtHook = {
  receivedAt: string;
  kind: HookKind;
  path: string;
  status: number;
  headers: Record<string, string>;
  body: string;
};

/** Stand-ins for the services that take messages, while they run. */
export type HookCatcher = {
  /** What a channel is pointed at; the kind follows, as in `<url>/slack/x`. */
  url: string;
  /** The newest 100, newest first. */
  hooks: readonly CaughtHook[];
  stop(): Promise<void>;
};

type Answer = { status: number; body: string; headers?: Record<string, string> };

/** What each service answers to a message that it takes. */
const TAKEN: Record<HookKind, Answer> = {
  webhook: { status: 200, body: '{"ok":true}' },
  slack: { status: 200, body: "ok" },
  teams: { status: 202, body: "" },
  discord: { status: 204, body: "" },
  pagerduty: { status: 202, body: '{"status":"success","message":"Event processed"}' },
};

/** What `?mode=` makes it answer. */
const MODES: Record<string, Answer> = {
  "410": { status: 410, body: "gone" },
  "500": { status: 500, body: "internal error" },
  "429": { status: 429, body: "slow down", headers: { "retry-after": "5" } },
  redirect: { status: 302, body: "", headers: { location: "https://elsewhere.example/" } },
};

/**
 * Starts an HTTPS server that takes messages as chat services and webhooks do, below `/webhook`, `/slack`, `/teams`, `/discord` and
 * `/pagerduty`, and refuses what the real ones refuse. `?mode=410|500|429|redirect|slow` at the end of an address makes it misbehave. It has a certificate of the sandbox
 * authority.
 */
export async function startHookCatcher(options: {
  port: number;
  authority: Authority;
  zones: ZoneStore | undefined;
  now?: () => Date;
}): Promise<HookCatcher> {
  const { authority, zones, now = () => new Date() } = options;
  const hooks: CaughtHook[] = [];
  const { keyPem: key, certPem: cert } = await authority.issue({ names: [HOOKS_DOMAIN] });
  const app = Fastify({
    bodyLimit: MAX_BYTES,
    serverFactory: (handler): Server => createServer({ key, cert }, handler),
  });
  app.removeAllContentTypeParsers();
  app.addContentTypeParser("*", { parseAs: "string" }, (_request, body, done) => done(null, body));
  for (const kind of KINDS) {
    app.post(`/${kind}/*`, async (request: FastifyRequest, reply: FastifyReply) => {
      const mode = String(Object(request.query).mode ?? "");
      if (mode === "slow") await delay(SLOW_MS);
      const body = String(request.body ?? "");
      const { status, body: text, headers = {} } = MODES[mode] ?? judge(kind, body);
      const sent = Object.entries(request.headers).map(([name, value]) => [name, String(value)]);
      hooks.unshift({
        ...{ receivedAt: now().toISOString(), kind, path: request.url, status, body },
        headers: Object.fromEntries(sent),
      });
      hooks.splice(MAX_HOOKS);
      return reply.code(status).headers(headers).send(text);
    });
  }
  await app.listen({ port: options.port, host: "127.0.0.1" });
  const address = app.server.address();
  if (!address || typeof address === "string") throw new Error("the hook catcher does not listen");
  if (zones) {
    await zones.createZone(HOOKS_DOMAIN);
    await zones.setRecords(HOOKS_DOMAIN, [{ name: HOOKS_DOMAIN, type: "A", value: "127.0.0.1" }]);
  }
  return {
    url: `https://${HOOKS_DOMAIN}:${address.port}`,
    hooks,
    async stop() {
      app.server.closeAllConnections();
      await app.close();
    },
  };
}

function judge(kind: HookKind, text: string): Answer {
  const refusal = findFault(kind, text);
  return refusal === undefined ? TAKEN[kind] : { status: 400, body: refusal };
}

/** What the real service would refuse a message for. */
function findFault(kind: HookKind, text: string): string | undefined {
  const body = parseObject(text);
  if (!body) return "invalid_payload";
  if (kind === "slack") return typeof body.text === "string" && body.text !== "" ? undefined : "no_text";
  if (kind === "teams") {
    const card = Object(Object(Array.isArray(body.attachments) ? body.attachments[0] : undefined).content);
    return body.type === "message" && card.type === "AdaptiveCard" ? undefined : "not an Adaptive Card";
  }
  if (kind === "discord") {
    const embeds = Array.isArray(body.embeds) ? body.embeds.map(Object) : [];
    const isLong = embeds.some(({ title, fields = [] }) => title?.length > 256 || fields.length > 25);
    return embeds.length > 0 && !isLong ? undefined : '{"embeds":["BASE_TYPE_BAD_LENGTH"]}';
  }
  if (kind === "pagerduty")
    return body.routing_key && body.event_action ? undefined : '{"status":"invalid event"}';
  return undefined;
}

function parseObject(text: string): Record<string, unknown> | undefined {
  try {
    const value: unknown = JSON.parse(text);
    return typeof value === "object" && value !== null ? { ...value } : undefined;
  } catch {
    return undefined;
  }
}
