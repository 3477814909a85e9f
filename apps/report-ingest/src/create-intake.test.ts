import type { LookedAt } from "@waxseal/core/reports";
import { expect, test } from "vitest";
import { createIntake } from "./create-intake.ts";

const KB = 1024;
const MB = KB * KB;
const OWNER = { token: "a".repeat(16), accountId: "account", domainId: "d", domain: "example.com" };
const NOISE = { holdsReport: false } as const;

function open({
  looked = NOISE as LookedAt,
  hasRoom = true,
  dailyBytes = 1024 * MB,
  whenLooked = async () => {},
  isOverQuota = async (_accountIds: readonly string[]) => false,
} = {}) {
  let kept = 0;
  let seen = 0;
  const intake = createIntake({
    dailyBytes,
    steadyMs: () => 0,
    hasRoom: () => hasRoom,
    isOverQuota,
    look: async () => {
      seen += 1;
      await whenLooked();
      return looked;
    },
  });
  const send = async (bytes: number, from = "198.51.100.1", owners = [OWNER], store = async () => "id") => {
    const arrived = { raw: Buffer.alloc(bytes), transport: "https", remoteAddress: from, owners } as const;
    const outcome = await intake.keep(arrived, store);
    if ("declined" in outcome) return outcome.declined;
    kept += bytes * owners.length;
    return undefined;
  };
  return { foresee: intake.foresee, send, kept: () => kept, seen: () => seen };
}

test("noise of one network is kept as a sample only, large noise not at all", async () => {
  const { send, kept } = open();
  expect(await send(26 * MB)).toBe("noise");
  for (let index = 0; index < 200; index++) await send(100 * KB);
  expect(kept()).toBeGreaterThan(MB);
  expect(kept()).toBeLessThan(2 * MB);
});

test("continuing noise is refused without being read", async () => {
  const { send, seen, foresee } = open();
  expect(foresee("198.51.100.1", 25 * MB)).toBeUndefined();
  for (let index = 0; index < 20; index++) await send(25 * MB);
  expect(await send(25 * MB)).toBe("spent");
  expect(foresee("198.51.100.1", 25 * MB)).toBe("spent");
  expect(foresee("198.51.100.1", 5 * KB)).toBeUndefined();
  expect(foresee("192.0.2.1", 25 * MB)).toBeUndefined();
  expect(seen()).toBeLessThan(12);
});

test("unsigned reports are kept within the share of their network, their domain and their account", async () => {
  const { send, kept } = open({ looked: { holdsReport: true, signedBy: null, isListed: false } });
  for (let index = 0; index < 2_000; index++) await send(50 * KB);
  expect(kept()).toBeLessThan(12 * MB);
  for (let network = 0; network < 100; network++)
    for (let index = 0; index < 30; index++) await send(250 * KB, `192.0.2.${network}`);
  expect(kept()).toBeLessThan(40 * MB);
});

test("unsigned reports for all domains of one account together leave room for other accounts", async () => {
  const { send, kept } = open({
    looked: { holdsReport: true, signedBy: null, isListed: false },
    dailyBytes: 64 * MB,
  });
  for (let network = 0; network < 30; network++)
    for (let domain = 0; domain < 16; domain++)
      for (let index = 0; index < 2; index++)
        await send(100 * KB, `192.0.2.${network}`, [
          { ...OWNER, token: `${domain}`.padStart(16, "a"), domainId: `${domain}` },
        ]);
  expect(kept()).toBeGreaterThan(4 * MB);
  expect(kept()).toBeLessThan(8 * MB);
  const other = { token: "b".repeat(16), accountId: "other", domainId: "e", domain: "example.net" };
  expect(await send(5 * KB, "198.51.100.7", [other])).toBeUndefined();
});

test("one signer fills neither the share of a domain nor more than half of an account", async () => {
  const { send, kept } = open({
    looked: { holdsReport: true, signedBy: "evil.example", isListed: false },
    dailyBytes: 32 * MB,
  });
  const sendTo = async (domain: number) => {
    const owner = { ...OWNER, token: `${domain}`.padStart(16, "a"), domainId: `${domain}` };
    for (let index = 0; index < 20; index++) await send(100 * KB, "198.51.100.1", [owner]);
  };
  await sendTo(0);
  expect(kept()).toBeLessThan(1.5 * MB);
  for (let domain = 1; domain < 30; domain++) await sendTo(domain);
  expect(kept()).toBeGreaterThan(12 * MB);
  expect(kept()).toBeLessThan(17 * MB);
});

/** Sends four reports from each of ten networks to each of 80 accounts. */
async function sendToManyAccounts(send: ReturnType<typeof open>["send"], bytes: number) {
  for (let index = 0; index < 800; index++) {
    const accountId = `account${index % 80}`;
    const owner = { ...OWNER, accountId, token: accountId.padEnd(16, "a") };
    for (let round = 0; round < 4; round++)
      await send(bytes, `192.0.${index % 100}.${Math.floor(index / 100)}`, [owner]);
  }
}

test("unsigned reports for all accounts together stay within the daily budget", async () => {
  const looked = { holdsReport: true, signedBy: null, isListed: false } as const;
  const { send, kept } = open({ looked, dailyBytes: 4 * MB });
  await sendToManyAccounts(send, 6 * KB);
  expect(kept()).toBeGreaterThan(2.5 * MB);
  expect(kept()).toBeLessThan(4 * MB);
});

test("one signer gets at most one daily budget, however many accounts it writes to", async () => {
  const looked = { holdsReport: true, signedBy: "evil.example", isListed: false } as const;
  const { send, kept } = open({ looked, dailyBytes: 4 * MB });
  await sendToManyAccounts(send, 50 * KB);
  expect(kept()).toBeGreaterThan(2.5 * MB);
  expect(kept()).toBeLessThan(4 * MB);
});

test("a network with twenty messages waiting to be read gets busy for the next, other networks do not", async () => {
  let release = () => {};
  const released = new Promise<void>((resolve) => {
    release = resolve;
  });
  const looked = { holdsReport: true, signedBy: "google.com", isListed: true } as const;
  const { send } = open({ looked, whenLooked: () => released });
  const waiting = Array.from({ length: 30 }, () => send(300 * KB));
  const other = send(300 * KB, "192.0.2.1");
  release();
  const outcomes = await Promise.all(waiting);
  const busy = outcomes.filter((outcome) => outcome === "busy").length;
  expect(busy).toBeGreaterThanOrEqual(9);
  expect(outcomes.filter((outcome) => outcome === undefined)).toHaveLength(30 - busy);
  expect(await other).toBeUndefined();
});

test("signed reports for a domain are kept during a flood of unsigned ones from many networks", async () => {
  const looked: LookedAt & { holdsReport: true } = { holdsReport: true, signedBy: null, isListed: false };
  const { send } = open({ looked });
  for (let network = 0; network < 100; network++)
    for (let index = 0; index < 30; index++) await send(250 * KB, `192.0.2.${network}`);
  let last: string | undefined;
  for (let index = 0; index < 200; index++) last = await send(50 * KB, "198.51.100.2");
  expect(last).toBe("spent");
  looked.signedBy = "google.com";
  expect(await send(5 * KB, "198.51.100.2")).toBeUndefined();
});

test("a large reporter's reports are kept while thirty other domains flood with signed ones", async () => {
  const looked: LookedAt & { holdsReport: true } = { holdsReport: true, signedBy: null, isListed: false };
  const { send } = open({ looked, dailyBytes: 64 * MB });
  let last: string | undefined;
  for (let signer = 0; signer < 30; signer++) {
    looked.signedBy = `evil${signer}.example`;
    for (let index = 0; index < 20; index++) last = await send(128 * KB, "198.51.100.2");
  }
  expect(last).toBe("spent");
  Object.assign(looked, { signedBy: "google.com", isListed: true });
  for (let index = 0; index < 50; index++) expect(await send(6 * KB, "198.51.100.2")).toBeUndefined();
  // One genuine mail, sent again and again from one network, leaves room for the reporter's own.
  for (let index = 0; index < 200; index++) last = await send(6 * KB, "203.0.113.9");
  expect(last).toBe("spent");
  for (let index = 0; index < 30; index++) expect(await send(6 * KB, "192.0.2.7")).toBeUndefined();
});

test("another sender's first reports are kept while one network floods the same domain", async () => {
  const { send } = open();
  for (let index = 0; index < 500; index++) await send(50 * KB);
  for (let index = 0; index < 60; index++) expect(await send(5 * KB, "192.0.2.1")).toBeUndefined();
});

test("a mail to twenty domains counts twenty times", async () => {
  const { send, kept } = open();
  const owners = Array.from({ length: 20 }, (_, index) => ({
    ...OWNER,
    token: String(index).padEnd(16, "a"),
  }));
  for (let index = 0; index < 20; index++) await send(200 * KB, "192.0.2.1", owners);
  expect(kept()).toBeLessThan(2 * MB);
});

test("reports of all senders are refused when there is no room", async () => {
  expect(await open({ hasRoom: false }).send(10)).toBe("full");
});

test.each([
  ["unseen", NOISE, 50 * KB],
  ["unsigned", { holdsReport: true, signedBy: null, isListed: false }, 300 * KB],
  ["signed", { holdsReport: true, signedBy: "google.com", isListed: true }, 300 * KB],
] as const)("%s reports that could not be stored take nothing from any budget", async (_, looked, bytes) => {
  const { send } = open({ looked, dailyBytes: 256 * MB });
  const fails = () => Promise.reject(new Error("the database is away"));
  for (let index = 0; index < 300; index++)
    await expect(send(bytes, undefined, undefined, fails)).rejects.toThrow("away");
  expect(await send(bytes)).toBeUndefined();
});

test("a report for an account that has had its reports of today is declined without a look, and costs no budget", async () => {
  const over = new Set(["account"]);
  const { send, kept, seen } = open({ isOverQuota: async (ids) => ids.some((id) => over.has(id)) });
  expect(await send(KB)).toBe("quota");
  expect([kept(), seen()]).toEqual([0, 0]);
  over.clear();
  expect(await send(KB)).toBeUndefined();
});

test("a quota that cannot be read declines nothing", async () => {
  const { send } = open({ isOverQuota: () => Promise.reject(new Error("connect ECONNREFUSED")) });
  expect(await send(KB)).toBeUndefined();
});
