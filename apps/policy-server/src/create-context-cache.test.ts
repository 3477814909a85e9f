import { randomBytes } from "node:crypto";
import { createSecretBox } from "@waxseal/core";
import type { ServedCertificate } from "@waxseal/core/serving";
import { beforeAll, beforeEach, expect, test } from "vitest";
import { createCertificateShelf } from "./create-certificate-shelf.ts";
import { createContextCache } from "./create-context-cache.ts";
import { createTestAuthority } from "./create-test-authority.ts";

const secretBox = createSecretBox(`a:${randomBytes(32).toString("base64url")}`);
const EXPIRES = new Date("2030-01-01T00:00:00Z");
const stored = new Map<string, ServedCertificate>();
let clock: Date;
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
  queries = [];
});

function create(find: (hosts: readonly string[]) => Promise<ServedCertificate[]> = findStored) {
  const shelf = createCertificateShelf(2);
  const errors: string[] = [];
  const contexts = createContextCache({
    shelf,
    secretBox,
    now: () => clock,
    findCertificates: (hosts) => {
      queries.push([...hosts]);
      return find(hosts);
    },
    onLoaded: () => undefined,
    onError: (host) => void errors.push(host),
    maxContexts: 2,
  });
  return { contexts, shelf, errors };
}

async function findStored(hosts: readonly string[]): Promise<ServedCertificate[]> {
  return hosts.flatMap((host) => stored.get(host) ?? []);
}

test("a name asked for by many at once is loaded once, and names asked for meanwhile share a query", async () => {
  const { contexts } = create();
  const loads = ["a", "a", "b", "c", "a", "c"].map((host) => contexts.load(host));
  const loaded = await Promise.all(loads);
  expect(loaded.every((context) => typeof context === "object")).toBe(true);
  expect(new Set(loaded).size).toBe(3);
  expect(queries).toEqual([["a"], ["b", "c"]]);
});

test("contexts and certificates are bounded: the one asked for least recently is forgotten", async () => {
  const { contexts, shelf } = create();
  for (const host of ["a", "b", "c"]) await contexts.load(host);
  expect(contexts.size()).toBe(2);
  expect(contexts.peek("a")).toBeUndefined();
  expect(contexts.peek("c")).toBeDefined();
  expect(shelf.size()).toBe(2);
  expect([...shelf.entries()].map(({ host }) => host)).toEqual(["b", "c"]);
});

test("a name without a certificate is asked for once in ten seconds, and at once when one is announced", async () => {
  const { contexts } = create();
  expect(await contexts.load("none")).toBe("no-certificate");
  expect(await contexts.load("none")).toBe("no-certificate");
  expect(queries).toHaveLength(1);
  clock = new Date(clock.getTime() + 10_001);
  await contexts.load("none");
  expect(queries).toHaveLength(2);
  contexts.forget("none");
  await contexts.load("none");
  expect(queries).toHaveLength(3);
});

test("an expired certificate is never used, neither a built context nor a kept text", async () => {
  const { contexts } = create();
  await contexts.load("a");
  expect(contexts.peek("a")).toBeDefined();
  clock = EXPIRES;
  expect(contexts.peek("a")).toBeUndefined();
  await contexts.load("a");
  expect(queries).toEqual([["a"], ["a"]]);
});

test("a database that is down or does not answer refuses within a second, and is left alone for a moment", async () => {
  const down = create(() => Promise.reject(new Error("down")));
  expect(await down.contexts.load("a")).toBe("unavailable");
  expect(await down.contexts.load("b")).toBe("unavailable");
  expect(queries).toEqual([["a"]]);
  expect(down.errors).toEqual(["a"]);

  const silent = create(() => new Promise(() => undefined));
  const askedAtMs = performance.now();
  expect(await silent.contexts.load("a")).toBe("unavailable");
  expect(performance.now() - askedAtMs).toBeLessThan(1_000);
});

test("a certificate that cannot be opened is an error of that name alone", async () => {
  const [a, b] = [stored.get("a"), stored.get("b")];
  if (!a || !b) throw new Error("not issued");
  const { contexts, errors } = create(async (hosts) =>
    hosts.map((host) => ({ ...a, host, keyJwe: host === "broken" ? "no.jwe" : a.keyJwe })),
  );
  expect(await contexts.load("broken")).toBe("no-certificate");
  expect(await contexts.load("fine")).toBeTypeOf("object");
  const mismatch = create(async (hosts) => hosts.map((host) => ({ ...a, host, keyJwe: b.keyJwe })));
  expect(await mismatch.contexts.load("mixed-up")).toBe("no-certificate");
  expect(errors).toEqual(["broken"]);
});
