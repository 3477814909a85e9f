import { type Answer, AUTHORITATIVE_ANSWER } from "dns-packet";
import { afterEach, expect, test } from "vitest";
import { startTestDns, type TestDns } from "../testing/start-test-dns.ts";
import { createAddressGuard } from "./create-address-guard.ts";
import { createOtherResolvers } from "./create-other-resolvers.ts";
import { createResolver } from "./create-resolver.ts";

const mx = (exchange: string): Answer => ({
  name: "mail.example.com",
  type: "MX",
  data: { preference: 10, exchange },
});
const cached: Answer[] = [
  mx("wrong.example.net"),
  { name: "example.com", type: "NS", data: "ns1.example.net" },
  { name: "ns1.example.net", type: "A", data: "127.0.0.1" },
];

const running: TestDns[] = [];
afterEach(() => Promise.all(running.splice(0).map((dns) => dns.stop())));

async function ask(flags: number, allowPrivate = true) {
  const cache = await startTestDns(cached);
  const zone = await startTestDns([], () => ({ flags, answers: [mx("mx.example.com")] }));
  running.push(cache, zone);
  const [server, port] = [cache.server, Number(zone.server.split(":")[1])];
  const guard = createAddressGuard({ allowPrivate });
  const resolver = createResolver({ servers: [server] });
  const others = await createOtherResolvers({ servers: [server], resolver, guard, port })("mail.example.com");
  return Promise.all(others.map((other) => other.resolveMx("mail.example.com")));
}

test("RFC 1034 §4.3.1: the name servers of the zone are asked for what a cache may have wrong", async () => {
  expect(await ask(AUTHORITATIVE_ANSWER)).toMatchObject([
    { found: [{ mxHost: "mx.example.com" }], isAuthoritative: true },
  ]);
});

test("RFC 1034 §4.3.1: a reply without the AA flag is not the zone's answer", async () => {
  expect(await ask(0)).toMatchObject([{ missing: "server-failure" }]);
});

test("no question goes to a name server at a private address", async () => {
  expect(await ask(AUTHORITATIVE_ANSWER, false)).toEqual([]);
});

test("a second resolver of ours is asked before the zone's name servers", async () => {
  const [cache, second] = [await startTestDns(cached), await startTestDns([mx("mx.example.com")])];
  running.push(cache, second);
  const servers = [cache.server, second.server];
  const guard = createAddressGuard({ allowPrivate: false });
  const [other] = await createOtherResolvers({ servers, resolver: createResolver({ servers }), guard })(
    "mail.example.com",
  );
  expect(await other?.resolveMx("mail.example.com")).toMatchObject({ found: [{ mxHost: "mx.example.com" }] });
});
