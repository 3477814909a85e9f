import { generateKeyPairSync } from "node:crypto";
import { createTestDatabase, type TestDatabase } from "@waxseal/db/testing";
import { HOUR_MS } from "@waxseal/runtime/time-spans";
import { afterAll, beforeAll, expect, inject, test } from "vitest";
import {
  createTestCertificateNames,
  type TestCertificateNames,
} from "../../testing/create-test-certificate-names.ts";
import { createSecretBox } from "../secret-box.ts";
import type { AcmeAuthorization, AcmeDirectory, AcmeOrder } from "./acme-directory.ts";
import { AcmeError } from "./acme-error.ts";
import { advanceOrder } from "./advance-order.ts";
import { startOrder } from "./start-order.ts";

const secretBox = createSecretBox(`k:${Buffer.alloc(32, 9).toString("base64url")}`);
const now = new Date("2026-05-01T12:00:00Z");
let database: TestDatabase;
let names: TestCertificateNames;
beforeAll(async () => {
  database = await createTestDatabase(inject("templateDatabaseUrl"));
  names = createTestCertificateNames(database.db, () => now);
});
afterAll(() => database.drop());

function newKey(): string {
  const { privateKey } = generateKeyPairSync("ec", { namedCurve: "P-256" });
  return privateKey.export({ type: "pkcs8", format: "pem" }).toString();
}

/** A CA whose order is in these states, one after another, and what it was asked. */
function createCa(
  orders: Partial<AcmeOrder>[],
  authorizations: AcmeAuthorization["status"][] = ["pending", "valid"],
) {
  const asked: string[] = [];
  const next = <T>(list: T[]): T => (list.length > 1 ? list.shift() : list[0]) as T;
  const order = (change: Partial<AcmeOrder>): AcmeOrder => ({
    ...{ url: "o", authorizationUrls: ["z"], finalizeUrl: "f", certificateUrl: undefined },
    ...{ status: "pending", error: undefined, retryAfterMs: undefined },
    ...change,
  });
  const http01 = {
    url: "c",
    token: "challenge",
    status: "pending",
    error: { type: "dns", detail: "at 192.0.2.9:80: x" },
  };
  const directory: Partial<AcmeDirectory> = {
    getOrder: async () => order(next(orders)),
    getAuthorization: async () => ({ status: next(authorizations), http01, retryAfterMs: undefined }),
    keyAuthorization: async (token) => `${token}.thumb`,
    startValidation: async () => void asked.push("validate"),
    finalizeOrder: async () => {
      asked.push("finalize");
      return order(next(orders));
    },
    downloadChain: async () => {
      asked.push("download");
      return "chain";
    },
  };
  return { asked, directory: directory as AcmeDirectory };
}
async function advance(ca: ReturnType<typeof createCa>, patienceMs?: number) {
  const { host, hold } = await names.start({ state: "ordering" });
  const orderKeyJwe = await secretBox.seal(newKey());
  const order = { orderUrl: "o", orderKeyJwe, directory: ca.directory };
  const result = hold((lease) => advanceOrder(names.ctx, lease, order, { secretBox, patienceMs }));
  return { host, result };
}
const VALID = { status: "valid", certificateUrl: "d" } as const;

test.each<[string, Partial<AcmeOrder>[], string[]]>([
  ["pending", [{ status: "pending" }, { status: "ready" }, VALID], ["validate", "finalize", "download"]],
  ["ready", [{ status: "ready" }, VALID], ["finalize", "download"]],
  ["processing", [{ status: "processing" }, VALID], ["download"]],
  ["valid", [VALID], ["download"]],
])(
  "RFC 8555 §7.1.6: an order found %s goes on from there, and repeats nothing that counts",
  async (_state, orders, steps) => {
    const ca = createCa(orders);
    const { result } = await advance(ca);
    expect(await result).toMatchObject({ chainPem: "chain" });
    expect(ca.asked).toEqual(steps);
  },
);

test("RFC 8555 §8.3: the answer to a challenge is published while the CA looks, and removed when it has judged", async () => {
  const ca = createCa([{ status: "pending" }, { status: "ready" }, VALID]);
  const seen: number[] = [];
  const { host, result } = await advance({
    ...ca,
    directory: {
      ...ca.directory,
      startValidation: async () => void seen.push(await database.db.acmeChallenge.count()),
    },
  });
  await result;
  expect(seen).toEqual([1]);
  expect(await database.db.acmeChallenge.count({ where: { host } })).toBe(0);
});

test("RFC 8555 §7.5.1: a host that is proved already is not validated again", async () => {
  const ca = createCa([{ status: "pending" }, { status: "ready" }, VALID], ["valid"]);
  await (await advance(ca)).result;
  expect(ca.asked).toEqual(["finalize", "download"]);
});

test("a CA that could not verify the host is explained, with the address it looked at", async () => {
  const { result } = await advance(createCa([{ status: "pending" }], ["pending", "invalid"]));
  await expect(result).rejects.toMatchObject({
    code: "ca.validation",
    message: expect.stringMatching(/could not look up the name.* It looked at 192\.0\.2\.9\.$/),
  });
});

test.each([
  [
    "invalid",
    [{ status: "invalid", error: { type: "caa", detail: "forbidden" } }],
    /did not issue: forbidden \(caa\)/,
  ],
  ["invalid with a certificate", [{ status: "invalid", certificateUrl: "d" }], /the order is invalid/],
  ["valid without a certificate", [{ status: "valid" }], /did not issue: the order is valid/],
] as [string, Partial<AcmeOrder>[], RegExp][])(
  "an order that ends %s is refused",
  async (_what, orders, words) => {
    const { result } = await advance(createCa(orders));
    await expect(result).rejects.toMatchObject({ code: "ca.refused", message: expect.stringMatching(words) });
  },
);

test("an order that the CA still works on is kept for the next run", async () => {
  const { result } = await advance(createCa([{ status: "processing", retryAfterMs: 30_000 }]), 1_000);
  await expect(result).rejects.toMatchObject({ code: "ca.slow", keepsOrder: true, retryAfterMs: 30_000 });
});

const held = { heldUntil: new Date(now.getTime() + HOUR_MS), reason: "Its limit is reached." };
test.each([
  ["is ordered as one", undefined, undefined, ["old"]],
  ["that was replaced already is ordered without", "alreadyReplaced", undefined, ["old", undefined]],
  ["that was replaced already waits for a limit", "alreadyReplaced", held, ["old"]],
] as const)("RFC 9773 §5: a renewal %s", async (_what, refusal, hold, expected) => {
  const { hold: work, host } = await names.start();
  const orders: (string | undefined)[] = [];
  const directory = {
    createOrder: async (_host: string, { replaces }: { replaces?: string } = {}) => {
      orders.push(replaces);
      if (replaces && refusal) throw new AcmeError("refused", "x", { type: refusal });
      return { url: "https://ca.example/o/1" } as AcmeOrder;
    },
  } as AcmeDirectory;
  const renewal = { replaces: "old", reserve: async () => hold };
  const started = work((lease) => startOrder(names.ctx, lease, directory, { secretBox, renewal }));
  if (hold) await expect(started).rejects.toMatchObject({ code: "ca.rateLimited", retryAfterMs: HOUR_MS });
  else await started;
  expect(orders).toEqual(expected);
  const { orderUrl, orderKeyJwe } = await names.read(host);
  expect(orderUrl).toBe(hold ? null : "https://ca.example/o/1");
  expect(await secretBox.open(orderKeyJwe ?? "")).toContain("PRIVATE KEY");
});

test("RFC 9773 §5: a renewal that is refused for another reason is not ordered again without what it replaces", async () => {
  const { hold } = await names.start();
  let orders = 0;
  const directory = {
    createOrder: async () => {
      orders++;
      throw new AcmeError("refused", "x", { type: "rateLimited" });
    },
  } as unknown as AcmeDirectory;
  const renewal = { replaces: "old", reserve: async () => undefined };
  const started = hold((lease) => startOrder(names.ctx, lease, directory, { secretBox, renewal }));
  await expect(started).rejects.toMatchObject({ type: "rateLimited" });
  expect(orders).toBe(1);
});

test("each order has a key of its own", async () => {
  const directory = { createOrder: async () => ({ url: "o" }) } as unknown as AcmeDirectory;
  const { hold } = await names.start();
  const keys = [];
  for (const _ of [0, 1]) {
    const { orderKeyJwe } = (await hold((lease) =>
      startOrder(names.ctx, lease, directory, { secretBox }),
    )) as {
      orderKeyJwe: string;
    };
    keys.push(await secretBox.open(orderKeyJwe));
  }
  expect(keys[0]).not.toBe(keys[1]);
});
