import { once } from "node:events";
import { connect, type Socket } from "node:net";
import { createLogger } from "@waxseal/runtime";
import { afterAll, beforeAll, expect, inject, test } from "vitest";
import { startTestApi, type TestApi } from "../../testing/start-test-api.ts";
import { createLiveFeed } from "./create-live-feed.ts";

let api: TestApi;
let accountId: string;
let key: string;
let domainId: string;

beforeAll(async () => {
  api = await startTestApi(inject("templateDatabaseUrl"));
  ({ accountId, key } = await api.newAccount("Bakers"));
  const added = await api.ask("POST", "/api/v1/domains", { key, body: { domain: "live.example" } });
  domainId = String(Object(added.json).id);
});
afterAll(() => api.stop());

const livePath = () => `/api/v1/domains/${domainId}/live`;
const listeners = () =>
  api.db.$queryRaw`select 1 from pg_stat_activity where application_name = 'listen waxseal_domain'
    and datname = current_database()`.then((rows) => Array.from(Object(rows)).length);

test("every follower of a domain gets its changes over the socket, from one connection to Postgres", async () => {
  const streams = await Promise.all([follow(), follow(), follow()]);
  for (const stream of streams) expect(await stream.next()).toBe("event: changed\ndata: {}");
  await api.db.domain.updateMany({ where: { id: domainId }, data: { checkedAt: new Date() } });
  for (const stream of streams) expect(await stream.next()).toBe("event: changed\ndata: {}");
  expect(await listeners()).toBe(1);
  await Promise.all(streams.map((stream) => stream.close()));
});

test("the events are neither compressed nor kept", async () => {
  const stream = await follow({ "accept-encoding": "gzip, br" });
  expect(stream.headers.get("content-type")).toBe("text/event-stream");
  expect(stream.headers.get("content-encoding")).toBeNull();
  expect(stream.headers.get("cache-control")).toBe("no-store");
  await stream.close();
});

test("a change of another domain is not said", async () => {
  const added = await api.ask("POST", "/api/v1/domains", { key, body: { domain: "other.example" } });
  const stream = await follow();
  await stream.next();
  await api.db.domain.updateMany({
    where: { id: String(Object(added.json).id) },
    data: { status: "active" },
  });
  await api.db.policyVersion.updateMany({ where: { domainId }, data: { state: "live" } });
  expect(await stream.next()).toBe("event: changed\ndata: {}");
  const nextOne = stream.next();
  await api.db.apikey.updateMany({ where: { referenceId: accountId }, data: { enabled: false } });
  await api.db.domain.updateMany({ where: { id: domainId }, data: { checkedAt: new Date() } });
  expect(await nextOne, "one event, then the end").toBeUndefined();
  await api.db.apikey.updateMany({ where: { referenceId: accountId }, data: { enabled: true } });
});

test("the stream of a link ends when the link is withdrawn; a dead link has none", async () => {
  const made = await api.ask("POST", `/api/v1/domains/${domainId}/share`, { key });
  const path = `/api/v1/shared/${Object(made.json).shareToken}/live`;
  const stream = await follow({}, path);
  expect(await stream.next()).toBe("event: changed\ndata: {}");
  await api.ask("DELETE", `/api/v1/domains/${domainId}/share`, { key });
  expect(await stream.next()).toBeUndefined();
  expect((await api.ask("GET", path)).status).toBe(404);
});

test("an account follows with a bounded number of connections; closed ones count no more", async () => {
  const streams = await Promise.all(Array.from({ length: 40 }, () => follow()));
  const refused = await api.ask("GET", livePath(), { key });
  expect([refused.status, Object(refused.json).code]).toEqual([429, "limit_reached"]);
  await Promise.all(streams.map((stream) => stream.close()));
  await expect
    .poll(async () => {
      const answer = await fetch(api.url + livePath(), { headers: { authorization: `Bearer ${key}` } });
      await answer.body?.cancel();
      return answer.status;
    })
    .toBe(200);
});

test.each(["read", "silent", "aborted", "unused", "just asked"])(
  "the API stops at once with connections of live state: %s",
  async (kind) => {
    const own = await startTestApi(inject("templateDatabaseUrl"));
    const sockets: Socket[] = [];
    try {
      const account = await own.newAccount("Stopping");
      const added = await own.ask("POST", "/api/v1/domains", {
        key: account.key,
        body: { domain: "stop.example" },
      });
      const request = `GET /api/v1/domains/${Object(added.json).id}/live HTTP/1.1\r\nhost: localhost\r\nauthorization: Bearer ${account.key}\r\n\r\n`;
      for (let count = 0; count < 5; count += 1) {
        const socket = connect(Number(new URL(own.url).port), "127.0.0.1").on("error", () => undefined);
        sockets.push(socket);
        await once(socket, "connect");
        if (kind === "unused") continue;
        socket.write(request);
        if (kind === "just asked") continue;
        await once(socket, "data");
        if (kind === "silent") socket.pause();
        if (kind === "aborted") socket.destroy();
      }
      const startedAt = performance.now();
      await own.stop();
      expect(performance.now() - startedAt).toBeLessThan(2_500);
    } finally {
      for (const socket of sockets) socket.destroy();
    }
  },
);

test("between changes comments keep the connection, and end it with the permission", async () => {
  const logger = createLogger("api", "silent");
  const live = createLiveFeed(api.databaseUrl, logger, { heartbeatMs: 20 });
  let isAllowed = true;
  const stream = live.follow({ accountId, domainId, isAllowed: async () => isAllowed });
  const said: string[] = [];
  stream.setEncoding("utf8").on("data", (text: string) => said.push(text));
  await expect.poll(() => said.filter((text) => text.startsWith(":")).length).toBeGreaterThan(2);
  isAllowed = false;
  await expect.poll(() => stream.readableEnded).toBe(true);
  await live.stop();
});

test("all accounts together follow with a bounded number of connections", async () => {
  const live = createLiveFeed(api.databaseUrl, createLogger("api", "silent"), { most: 3, mostOfAccount: 2 });
  const followAs = (account: string) =>
    live.follow({ accountId: account, domainId, isAllowed: async () => true });
  const first = [followAs("a"), followAs("a"), followAs("b")];
  expect(() => followAs("c")).toThrow("Too many pages");
  first[0]?.destroy();
  await expect.poll(() => first[0]?.closed).toBe(true);
  first.push(followAs("c"));
  for (const stream of first) stream.destroy();
  await live.stop();
});

async function follow(headers: Record<string, string> = {}, path = livePath()) {
  const aborter = new AbortController();
  const response = await fetch(api.url + path, {
    headers: { authorization: `Bearer ${key}`, ...headers },
    signal: aborter.signal,
  });
  expect(response.status).toBe(200);
  const reader = response.body?.pipeThrough(new TextDecoderStream()).getReader();
  let text = "";
  return {
    headers: response.headers,
    close: async () => aborter.abort(),
    /** The next event; undefined when the stream ended. */
    next: async (): Promise<string | undefined> => {
      for (;;) {
        const end = text.indexOf("\n\n");
        if (end >= 0) {
          const event = text.slice(0, end);
          text = text.slice(end + 2);
          return event;
        }
        const chunk = await reader?.read();
        if (!chunk || chunk.done) return undefined;
        text += chunk.value;
      }
    },
  };
}
