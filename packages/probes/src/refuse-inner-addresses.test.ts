import { once } from "node:events";
import { createServer, type Server } from "node:net";
import type { Answer } from "dns-packet";
import { afterAll, beforeAll, expect, test } from "vitest";
import { addressOf, startTestDns } from "../testing/start-test-dns.ts";
import { connectToHost } from "./connect-to-host.ts";
import { type AddressGuard, createAddressGuard } from "./create-address-guard.ts";
import { createResolver } from "./create-resolver.ts";

/** A listener inside; nothing may ever reach it. */
let inside: Server;
let port: number;
let reached = 0;
beforeAll(async () => {
  inside = createServer((socket) => {
    reached++;
    socket.destroy();
  });
  inside.listen(0, "127.0.0.1");
  await once(inside, "listening");
  port = addressOf(inside.address()).port;
});
afterAll(() => inside.close());

/** Takes 127.0.0.2, where no server listens, for a public address, so that no test leaves this machine. */
const publicOnTwo: AddressGuard = {
  findRefusal: (address) => (address === "127.0.0.2" ? undefined : `${address} is not public`),
};

async function connectAs(
  host: string,
  answers: Answer[],
  guard = createAddressGuard({ allowPrivate: false }),
) {
  const dns = await startTestDns(answers);
  try {
    const result = await connectToHost({
      host,
      port,
      resolver: createResolver({ servers: [dns.server] }),
      guard,
      deadline: AbortSignal.timeout(3_000),
      addressTimeoutMs: 200,
    });
    if ("connected" in result) result.connected.destroy();
    return { result, asked: dns.asked };
  } finally {
    await dns.stop();
  }
}

const a = (data: string, name = "trick.example"): Answer => ({ type: "A", name, ttl: 0, data });
const aaaa = (data: string): Answer => ({ type: "AAAA", name: "trick.example", ttl: 0, data });

const INNER: readonly [string, Answer[]][] = [
  ["a name that means loopback", [a("127.0.0.1")]],
  ["a name that means a private address", [a("10.0.0.1")]],
  ["a name that means a cloud's metadata", [a("169.254.169.254")]],
  [
    "an alias of such a name",
    [{ type: "CNAME", name: "trick.example", ttl: 0, data: "in.example" }, a("127.0.0.1", "in.example")],
  ],
  ["IPv6 loopback", [aaaa("::1")]],
  ["an IPv6 address of one's own network", [aaaa("fd00:ec2::254")]],
  ["IPv4 inside IPv6, mapped", [aaaa("::ffff:127.0.0.1")]],
  ["IPv4 inside IPv6, by NAT64", [aaaa("64:ff9b::7f00:1")]],
  ["IPv4 inside IPv6, by 6to4", [aaaa("2002:7f00:1::")]],
];

test.each(INNER)("refused before anything is sent: %s", async (_trick, answers) => {
  const { result } = await connectAs("trick.example", answers);
  expect(result).toMatchObject({ missing: "address-refused" });
  expect(reached).toBe(0);
});

test.each(["127.0.0.1", "2130706433", "0x7f000001", "0177.0.0.1", "127.1", "[::1]", "localhost"])(
  "a host that is an address, however it is written, is a name to look up and no address: %s",
  async (host) => {
    const { result } = await connectAs(host, []);
    expect("missing" in result && result.missing).toMatch(/no-domain|no-address|address-refused/);
    expect(reached).toBe(0);
  },
);

test("a name that changes its address between check and use: it is looked up once, and what was checked is connected to", async () => {
  let questions = 0;
  const dns = await startTestDns([], ({ name, type }) => {
    if (type !== "A") return { answers: [] };
    const data = questions++ === 0 ? "127.0.0.2" : "127.0.0.1";
    return { answers: [{ type: "A", name, ttl: 0, data }] };
  });
  const result = await connectToHost({
    host: "rebound.example",
    port,
    resolver: createResolver({ servers: [dns.server] }),
    guard: publicOnTwo,
    deadline: AbortSignal.timeout(3_000),
    addressTimeoutMs: 100,
  });
  await dns.stop();
  expect(result).toMatchObject({ addresses: ["127.0.0.2"] });
  expect(result).not.toHaveProperty("connected");
  expect([questions, reached]).toEqual([1, 0]);
});

test("a public address beside a private one is the only one tried", async () => {
  const { result } = await connectAs("trick.example", [a("127.0.0.1"), a("127.0.0.2")], publicOnTwo);
  expect(result).not.toHaveProperty("connected");
  expect(reached).toBe(0);
});

test("where private addresses are allowed, the same name is reached", async () => {
  const { result } = await connectAs(
    "trick.example",
    [a("127.0.0.1")],
    createAddressGuard({ allowPrivate: true }),
  );
  expect(result).toHaveProperty("connected");
  await expect.poll(() => reached).toBe(1);
});
