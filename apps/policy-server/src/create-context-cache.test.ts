import { randomBytes } from "node:crypto";
import type { SecureContext } from "node:tls";
import { createSecretBox } from "@waxseal/core";
import type { ServedCertificate } from "@waxseal/core/serving";
import { beforeAll, beforeEach, expect, test } from "vitest";
import { createTestAuthority } from "../testing/create-test-authority.ts";
import { createCertificateShelf } from "./create-certificate-shelf.ts";
import { createContextCache, type NoContext } from "./create-context-cache.ts";

const secretBox = createSecretBox(`a:${randomBytes(32).toString("base64url")}`);
const EXPIRES = new Date("2030-01-01T00:00:00Z");
const stored = new Map<string, ServedCertificate>();
let clock: Date;
let steadyMs: number;
let queries: string[][];

beforeAll(async () => {
  const authority = await createTestAuthority();
  for (const host of ["a", "b", "c", "d"]) {
    const { chainPem, keyPem } = await authority.issue(host, EXPIRES);
    stored.set(host, { host, chainPem, keyJwe: await secretBox.seal(keyPem), notAfter: EXPIRES });
  }
});
beforeEach(() => {
  clock = new Date("2026-01-01T00:00:00Z");
  steadyMs = 0;
  queries = [];
});

function create(find: (hosts: readonly string[]) => Promise<ServedCertificate[]> = findStored) {
  const shelf = createCertificateShelf(2);
  const errors: string[] = [];
  const contexts = createContextCache({
    shelf,
    secretBox,
    now: () => clock,
    steadyMs: () => steadyMs,
    findCertificates: (hosts) => {
      queries.push([...hosts]);
      return find(hosts);
    },
    onLoaded: () => undefined,
    onError: (host) => void errors.push(host),
    maxContexts: 2,
  });
  const ask = (host: string) =>
    new Promise<SecureContext | NoContext>((resolve) => contexts.use(host, resolve));
  return { contexts, shelf, errors, ask };
}

async function findStored(hosts: readonly string[]): Promise<ServedCertificate[]> {
  return hosts.flatMap((host) => stored.get(host) ?? []).filter(({ notAfter }) => notAfter > clock);
}

test("a name asked for by many at once is loaded once, and names asked for meanwhile share a query", async () => {
  const { ask } = create();
  const loaded = await Promise.all(["a", "a", "b", "c", "a", "c"].map(ask));
  expect(loaded.every((context) => typeof context === "object")).toBe(true);
  expect(queries).toEqual([["a"], ["b", "c"]]);
});

test("contexts and certificates are bounded: the one asked for least recently is forgotten", async () => {
  const { contexts, shelf, ask } = create();
  for (const host of ["a", "a", "a", "b", "b", "b", "c", "c", "c"]) await ask(host);
  expect(contexts.size()).toBe(2);
  expect(shelf.size()).toBe(2);
  expect([...shelf.entries()].map(([host]) => host)).toEqual(["b", "c"]);
});

test("a name gets a context of its own when it is asked for three times; for a name in memory nothing waits", async () => {
  const { contexts, ask } = create();
  const [first, other, again] = [await ask("a"), await ask("b"), await ask("a")];
  expect(first).toBe(other);
  expect(again).toBe(other);
  expect(contexts.size()).toBe(0);
  const found: unknown[] = [];
  contexts.use("a", (context) => found.push(context));
  contexts.use("a", (context) => found.push(context));
  expect(found).toHaveLength(2);
  expect(found[0]).not.toBe(first);
  expect(found[1]).toBe(found[0]);
  contexts.forget("a");
  expect(contexts.size()).toBe(0);
});

test("a name without a certificate is asked for once in ten seconds, and at once when one is announced", async () => {
  const { contexts, ask } = create();
  expect(await ask("none")).toBe("no-certificate");
  expect(await ask("none")).toBe("no-certificate");
  expect(queries).toHaveLength(1);
  // Setting the clock ahead and back neither ends the ten seconds nor makes them longer.
  clock = new Date("2029-01-01T00:00:00Z");
  expect(await ask("none")).toBe("no-certificate");
  expect(queries).toHaveLength(1);
  clock = new Date("2025-12-31T00:00:00Z");
  steadyMs += 10_001;
  await ask("none");
  expect(queries).toHaveLength(2);
  contexts.forget("none");
  await ask("none");
  expect(queries).toHaveLength(3);
});

test("an expired certificate is never used, neither a built context nor a kept text", async () => {
  const { contexts, ask } = create();
  for (let time = 0; time < 3; time += 1) await ask("a");
  expect(contexts.size()).toBe(1);
  clock = EXPIRES;
  expect(await ask("a")).toBe("no-certificate");
  expect(contexts.size()).toBe(0);
  expect(queries).toEqual([["a"], ["a"]]);
});

test("a certificate that has expired by our clock is still used while the database cannot be asked", async () => {
  let isDown = false;
  const { ask } = create((hosts) => (isDown ? Promise.reject(new Error("down")) : findStored(hosts)));
  await ask("a");
  isDown = true;
  clock = new Date("2031-01-01T00:00:00Z");
  expect(await ask("a")).toBeTypeOf("object");
  expect(await ask("b")).toBe("unavailable");
});

test("a database that is down or does not answer refuses within a second, and is left alone for a moment", async () => {
  const down = create(() => Promise.reject(new Error("down")));
  expect(await down.ask("a")).toBe("unavailable");
  expect(await down.ask("b")).toBe("unavailable");
  expect(queries).toEqual([["a"]]);
  expect(down.errors).toEqual(["a"]);

  const silent = create(() => new Promise(() => undefined));
  const askedAtMs = performance.now();
  expect(await silent.ask("a")).toBe("unavailable");
  expect(performance.now() - askedAtMs).toBeLessThan(1_000);
});

test("a certificate that cannot be opened is an error of that name alone", async () => {
  const [a, b] = [stored.get("a"), stored.get("b")];
  if (!a || !b) throw new Error("not issued");
  const { ask, errors } = create(async (hosts) =>
    hosts.map((host) => ({ ...a, host, keyJwe: host === "broken" ? "no.jwe" : a.keyJwe })),
  );
  expect(await ask("broken")).toBe("no-certificate");
  expect(await ask("fine")).toBeTypeOf("object");
  const mismatch = create(async (hosts) => hosts.map((host) => ({ ...a, host, keyJwe: b.keyJwe })));
  expect(await mismatch.ask("mixed-up")).toBe("no-certificate");
  expect(errors).toEqual(["broken"]);
});
