import { createSocket } from "node:dgram";
import { Resolver } from "node:dns/promises";
import { once } from "node:events";
import { mkdtemp, rm } from "node:fs/promises";
import { connect } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { decode, encode } from "dns-packet";
import { afterEach, beforeEach, expect, test } from "vitest";
import { queryDns } from "./query-dns.ts";
import { type CustomerDns, startCustomerDns } from "./start-customer-dns.ts";

let dir: string;
let hosted: CustomerDns;
let dns: CustomerDns;
let resolver: Resolver;

beforeEach(async () => {
  dir = await mkdtemp(join(tmpdir(), "waxseal-sandbox-"));
  hosted = await startCustomerDns({ port: 0, dataDir: join(dir, "hosted") });
  await hosted.zones.createZone("waxseal.example");
  dns = await startCustomerDns({
    port: 0,
    dataDir: join(dir, "customers"),
    upstreams: [{ zone: "waxseal.example", host: "127.0.0.1", port: hosted.port }],
  });
  resolver = new Resolver({ timeout: 2_000, tries: 1 });
  resolver.setServers([dns.dnsServer]);
});
afterEach(async () => {
  await dns.stop();
  await hosted.stop();
  await rm(dir, { recursive: true, force: true });
});

const ask = (name: string, type: Parameters<typeof queryDns>[0]["type"]) =>
  queryDns({ server: { host: "127.0.0.1", port: dns.port }, name, type });

test("a new domain has two MX hosts on loopback and all record types are answered", async () => {
  await dns.zones.createZone("Bakery.Example.");
  await dns.zones.setRecords("bakery.example", [
    { name: "bakery.example", type: "CAA", value: '0 issue "sandbox-ca.example"' },
    { name: "www.bakery.example", type: "AAAA", value: "::1" },
    { name: "long.bakery.example", type: "TXT", value: "x".repeat(600) },
  ]);

  expect(await resolver.resolveMx("bakery.example")).toMatchObject([
    { priority: 10, exchange: "mx1.bakery.example" },
    { priority: 20, exchange: "mx2.bakery.example" },
  ]);
  expect(await resolver.resolve4("mx2.bakery.example")).toEqual(["127.0.0.1"]);
  expect(await resolver.resolve6("www.bakery.example")).toEqual(["::1"]);
  expect(await resolver.resolveCaa("bakery.example")).toMatchObject([
    { critical: 0, issue: "sandbox-ca.example" },
  ]);
  expect((await resolver.resolveTxt("long.bakery.example"))[0]?.join("")).toBe("x".repeat(600));
  expect((await resolver.resolveSoa("bakery.example")).minttl).toBe(5);
  expect(await resolver.resolveNs("bakery.example")).toEqual(["ns1.sandbox-dns.example"]);
});

test("RFC 2308 §2: a missing name is NXDOMAIN, a missing type and an empty non-terminal are NODATA, each with the SOA", async () => {
  await dns.zones.createZone("bakery.example");
  await dns.zones.setRecords("bakery.example", [
    { name: "a.b.bakery.example", type: "A", value: "127.0.0.1" },
  ]);

  const rows = [];
  for (const name of [
    "nothing.bakery.example",
    "mx1.bakery.example",
    "b.bakery.example",
    "unknown.example",
  ]) {
    const { rcode, answers, authorities } = await ask(name, "TXT");
    rows.push([name, rcode, answers?.length, authorities?.map(({ type, name }) => `${type} ${name}`)]);
  }
  expect(rows).toEqual([
    ["nothing.bakery.example", 3, 0, ["SOA bakery.example"]],
    ["mx1.bakery.example", 0, 0, ["SOA bakery.example"]],
    ["b.bakery.example", 0, 0, ["SOA bakery.example"]],
    ["unknown.example", 3, 0, ["SOA ."]],
  ]);
});

test("a CNAME into the hosted zone is followed by asking its nameserver, and its negative answers come through", async () => {
  await dns.zones.createZone("bakery.example");
  await hosted.zones.setRecords("waxseal.example", [
    { name: "token._mta-sts.waxseal.example", type: "TXT", value: "v=STSv1; id=1;" },
  ]);
  await dns.zones.setRecords("bakery.example", [
    { name: "_mta-sts.bakery.example", type: "CNAME", value: "token._mta-sts.waxseal.example" },
    { name: "mta-sts.bakery.example", type: "CNAME", value: "gone.waxseal.example" },
  ]);

  expect(await resolver.resolveTxt("_mta-sts.bakery.example")).toEqual([["v=STSv1; id=1;"]]);
  expect(await resolver.resolveCname("_mta-sts.bakery.example")).toEqual(["token._mta-sts.waxseal.example"]);
  const dangling = await ask("mta-sts.bakery.example", "A");
  expect([dangling.rcode, dangling.answers?.map(({ type }) => type)]).toEqual([3, ["CNAME"]]);
  await hosted.stop();
  expect((await ask("_mta-sts.bakery.example", "TXT")).rcode).toBe(2);
  hosted = await startCustomerDns({ port: 0, dataDir: join(dir, "hosted") });
});

test("a CNAME loop ends in SERVFAIL", async () => {
  await dns.zones.createZone("bakery.example");
  await dns.zones.setRecords("bakery.example", [
    { name: "a.bakery.example", type: "CNAME", value: "b.bakery.example" },
    { name: "b.bakery.example", type: "CNAME", value: "a.bakery.example" },
  ]);
  expect((await ask("a.bakery.example", "A")).rcode).toBe(2);
});

test("RFC 1035 §4.2.1: an answer of more than 512 bytes is truncated over UDP and complete over TCP", async () => {
  await dns.zones.createZone("bakery.example");
  await dns.zones.setRecords("bakery.example", [
    { name: "big.bakery.example", type: "TXT", value: "y".repeat(3_000) },
  ]);
  const query = encode({ type: "query", id: 7, questions: [{ type: "TXT", name: "big.bakery.example" }] });
  const bytes = await askUdp(query);
  const { flag_tc, answers } = decode(bytes);
  expect([bytes.length <= 512, flag_tc, answers]).toEqual([true, true, []]);
  expect((await resolver.resolveTxt("big.bakery.example"))[0]?.join("")).toHaveLength(3_000);
});

test("publishing replaces what stood under the same name and type, and a CNAME is the only record of its name", async () => {
  await dns.zones.createZone("bakery.example");
  const name = "_mta-sts.bakery.example";
  await dns.zones.setRecords("bakery.example", [{ name, type: "TXT", value: "old" }]);
  await dns.zones.setRecords("bakery.example", [{ name, type: "TXT", value: "new" }]);
  expect(await resolver.resolveTxt(name)).toEqual([["new"]]);
  await dns.zones.setRecords("bakery.example", [{ name, type: "CNAME", value: "mx1.bakery.example" }]);
  expect(dns.zones.findZone(name)?.records.filter((record) => record.name === name)).toHaveLength(1);
  await dns.zones.removeRecords("bakery.example", [{ name, type: "CNAME" }]);
  expect((await ask(name, "TXT")).rcode).toBe(3);
});

test("a second start on the same folder answers the records of the first", async () => {
  await dns.zones.createZone("bakery.example");
  await dns.zones.setRecords("bakery.example", [{ name: "x.bakery.example", type: "TXT", value: "kept" }]);
  await dns.stop();
  dns = await startCustomerDns({ port: 0, dataDir: join(dir, "customers") });
  resolver.setServers([dns.dnsServer]);
  expect(await resolver.resolveTxt("x.bakery.example")).toEqual([["kept"]]);
});

test("with autoZones any domain under .example takes mail already, and one under a real suffix does not exist", async () => {
  const auto = await startCustomerDns({ port: 0, dataDir: join(dir, "auto"), autoZones: true });
  resolver.setServers([auto.dnsServer]);
  expect((await resolver.resolveMx("florist.example")).map(({ exchange }) => exchange)).toEqual([
    "mx1.florist.example",
    "mx2.florist.example",
  ]);
  expect(await resolver.resolve4("mx1.florist.example")).toEqual(["127.0.0.1"]);
  await expect(resolver.resolveMx("florist.com")).rejects.toMatchObject({ code: "ENOTFOUND" });
  expect(auto.zones.list()).toEqual([]);
  await auto.stop();
});

test("bad records are refused with the reason and change nothing", async () => {
  await dns.zones.createZone("bakery.example");
  const bad = [
    { name: "bakery.example", type: "A", value: "localhost" },
    { name: "bakery.example", type: "MX", value: "mx1.bakery.example" },
    { name: "bakery.example", type: "CAA", value: "sandbox-ca.example" },
    { name: "other.example", type: "TXT", value: "x" },
    { name: "bad name.bakery.example", type: "TXT", value: "x" },
  ] as const;
  for (const record of bad) {
    await expect(dns.zones.setRecords("bakery.example", [record])).rejects.toThrow(record.name);
  }
  expect(await resolver.resolveMx("bakery.example")).toHaveLength(2);
});

test("bytes that are no DNS are dropped, over UDP and TCP, and the next question is answered", async () => {
  const socket = connect(dns.port, "127.0.0.1");
  socket.end(Buffer.from([0, 4, 1, 2, 3, 4]));
  await new Promise((resolve) => socket.once("close", resolve).resume());
  const query = encode({ type: "query", id: 8, questions: [{ type: "A", name: "bakery.example" }] });
  expect(decode(await askUdp(Buffer.from("rubbish"), query)).id).toBe(8);
});

/** Sends datagrams in turn and answers with the first that comes back. */
async function askUdp(...messages: Buffer[]): Promise<Buffer> {
  const socket = createSocket("udp4");
  for (const message of messages) socket.send(message, dns.port, "127.0.0.1");
  const [answer] = await once(socket, "message");
  socket.close();
  return answer;
}
