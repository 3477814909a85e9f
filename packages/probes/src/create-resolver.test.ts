import { type Answer, encode, TRUNCATED_RESPONSE } from "dns-packet";
import { afterEach, describe, expect, test } from "vitest";
import { type Interfere, startTestDns, type TestDns } from "../testing/start-test-dns.ts";
import { createResolver } from "./create-resolver.ts";

const records: Answer[] = [
  { name: "example.com", type: "A", data: "192.0.2.1" },
  { name: "example.com", type: "AAAA", data: "2001:db8::1" },
  { name: "example.com", type: "MX", data: { preference: 20, exchange: "MX2.example.com" } },
  { name: "example.com", type: "MX", data: { preference: 10, exchange: "mx1.example.com" } },
  { name: "null.example", type: "MX", data: { preference: 0, exchange: "." } },
  { name: "txt.example", type: "TXT", data: ["v=STSv1; ", "id=1;"] },
  { name: "_mta-sts.example.com", type: "CNAME", data: "Hop.example.net" },
  { name: "hop.example.net", type: "CNAME", data: "txt.example" },
  { name: "dangling.example", type: "CNAME", data: "gone.example" },
  { name: "loop.example", type: "CNAME", data: "loop2.example" },
  { name: "loop2.example", type: "CNAME", data: "loop.example" },
  { name: "caa.example", type: "CAA", data: { flags: 128, tag: "issue", value: "letsencrypt.org" } },
  { name: "v6.example", type: "AAAA", data: "2001:db8::2" },
  ...Array.from(
    { length: 60 },
    (_, index): Answer => ({ name: "many.example", type: "TXT", data: `${index}`.padStart(40, "-") }),
  ),
];

let dns: TestDns;
afterEach(() => dns.stop());

async function start(interfere?: Interfere, timeoutMs = 2000) {
  dns = await startTestDns(records, interfere);
  return createResolver({ servers: [dns.server], timeoutMs });
}

test("TXT strings stay apart and the CNAMEs passed are named, in lower case", async () => {
  const resolver = await start();
  expect(await resolver.resolveTxt("_mta-sts.example.com.")).toEqual({
    found: [["v=STSv1; ", "id=1;"]],
    cnames: ["hop.example.net", "txt.example"],
    isAuthenticated: false,
  });
});

test("a CNAME question gives the first target, whatever follows", async () => {
  const resolver = await start();
  expect(await resolver.resolveCname("_MTA-STS.example.com")).toMatchObject({
    found: ["hop.example.net"],
    cnames: [],
  });
});

test("a server that answers one CNAME at a time is asked again for each target", async () => {
  const resolver = await start(({ name, type }) =>
    type === "TXT" ? { answers: records.filter((record) => record.name === name) } : undefined,
  );
  expect(await resolver.resolveTxt("_mta-sts.example.com")).toMatchObject({
    found: [["v=STSv1; ", "id=1;"]],
    cnames: ["hop.example.net", "txt.example"],
  });
});

test("addresses of both families, IPv4 first", async () => {
  const resolver = await start();
  expect(await resolver.resolveAddresses("example.com")).toMatchObject({
    found: [
      { address: "192.0.2.1", family: 4 },
      { address: "2001:db8::1", family: 6 },
    ],
  });
  expect(await resolver.resolveAddresses("v6.example")).toMatchObject({
    found: [{ address: "2001:db8::2", family: 6 }],
  });
});

test("MX hosts come most preferred first, a null MX as a dot (RFC 7505 §3)", async () => {
  const resolver = await start();
  expect(await resolver.resolveMx("example.com")).toMatchObject({
    found: [
      { preference: 10, mxHost: "mx1.example.com" },
      { preference: 20, mxHost: "mx2.example.com" },
    ],
  });
  expect(await resolver.resolveMx("null.example")).toMatchObject({ found: [{ preference: 0, mxHost: "." }] });
});

test("CAA flags, tag and value are read", async () => {
  const resolver = await start();
  expect(await resolver.resolveCaa("caa.example")).toMatchObject({
    found: [{ isCritical: true, tag: "issue", value: "letsencrypt.org" }],
  });
});

describe("why there is no answer", () => {
  test.each([
    ["no.such.example", { missing: "no-domain", cnames: [] }],
    ["example.com", { missing: "no-record", cnames: [] }],
    ["dangling.example", { missing: "no-domain", cnames: ["gone.example"] }],
    ["loop.example", { missing: "too-many-cnames" }],
    ["", { missing: "bad-name" }],
    ["a..example", { missing: "bad-name" }],
    [`${"a".repeat(64)}.example`, { missing: "bad-name" }],
    [`${"a.".repeat(130)}example`, { missing: "bad-name" }],
    ["bücher.example", { missing: "bad-name" }],
  ])("%s", async (name, expected) => {
    const resolver = await start();
    expect(await resolver.resolveTxt(name)).toMatchObject(expected);
  });

  test("no server answers: timeout, after three tries", async () => {
    const resolver = await start(() => "silence", 30);
    expect(await resolver.resolveTxt("example.com")).toMatchObject({ missing: "timeout" });
    expect(dns.asked).toHaveLength(3);
  });

  test("SERVFAIL and REFUSED are the server's failure, not the owner's", async () => {
    const resolver = await start(({ name }) => ({ flags: name.startsWith("refused") ? 5 : 2 }));
    expect(await resolver.resolveTxt("txt.example")).toMatchObject({ missing: "server-failure" });
    expect(await resolver.resolveTxt("refused.example")).toMatchObject({ missing: "server-failure" });
  });

  test("one address family failing does not read as having no address", async () => {
    const resolver = await start(({ type }) => (type === "AAAA" ? { flags: 2 } : undefined));
    expect(await resolver.resolveAddresses("txt.example")).toMatchObject({ missing: "server-failure" });
    expect(await resolver.resolveAddresses("example.com")).toMatchObject({
      found: [{ address: "192.0.2.1" }],
    });
  });
});

test("the next server is asked when one fails", async () => {
  const broken = await startTestDns(records, () => ({ flags: 2 }));
  dns = await startTestDns(records);
  const resolver = createResolver({ servers: [broken.server, dns.server] });
  expect(await resolver.resolveTxt("txt.example")).toMatchObject({ found: [["v=STSv1; ", "id=1;"]] });
  await broken.stop();
});

test("RFC 1035 §4.2: a truncated reply is fetched whole by TCP", async () => {
  const resolver = await start();
  const answer = await resolver.resolveTxt("many.example");
  expect("found" in answer && answer.found).toHaveLength(60);
  expect(dns.asked).toEqual(["udp TXT many.example", "tcp TXT many.example"]);
});

test("a huge answer is cut, and beyond 32 KiB refused", async () => {
  const name = "huge.example";
  const texts = (count: number) =>
    Array.from({ length: count }, (): Answer => ({ name, type: "TXT", data: "x" }));
  const answer =
    (count: number): Interfere =>
    (_, transport) =>
      transport === "udp" ? { flags: TRUNCATED_RESPONSE } : { answers: texts(count) };
  const cut = await (await start(answer(600))).resolveTxt(name);
  expect("found" in cut && cut.found).toHaveLength(500);
  await dns.stop();
  const refused = await (await start(answer(2000))).resolveTxt(name);
  expect(refused).toMatchObject({ missing: "server-failure", detail: "The reply is too large" });
});

test("RFC 5452 §9: a reply to another question or with another id is not taken", async () => {
  const resolver = await start(({ name }, _, id) => {
    if (name === "other.example") return { questions: [{ name: "evil.example", type: "TXT" }] };
    return encode({ type: "response", id: id ^ 1, questions: [{ name, type: "TXT" }], answers: [] });
  }, 30);
  expect(await resolver.resolveTxt("other.example")).toMatchObject({ missing: "timeout" });
  expect(await resolver.resolveTxt("id.example")).toMatchObject({ missing: "timeout" });
});

test("rubbish from a server is a failure, never a throw", async () => {
  const garbage = Buffer.alloc(40, 0xff);
  const resolver = await start(() => garbage, 30);
  expect(await resolver.resolveTxt("example.com")).toMatchObject({ missing: expect.any(String) });
});

test("records of other names in the same reply are passed over", async () => {
  const resolver = await start(({ type }) =>
    type === "TXT" ? { answers: [{ name: "evil.example", type: "TXT", data: "x" }] } : undefined,
  );
  expect(await resolver.resolveTxt("example.com")).toMatchObject({ missing: "no-record" });
});

test("an unreachable server is reported at once", async () => {
  dns = await startTestDns([]);
  const resolver = createResolver({ servers: ["127.0.0.1:1"], timeoutMs: 5000 });
  const startedAt = performance.now();
  expect(await resolver.resolveTxt("example.com")).toMatchObject({ missing: "server-failure" });
  expect(performance.now() - startedAt).toBeLessThan(2000);
});

test.each(["127.0.0.1:99999", "a b:53", "[192.0.2.1]:53", ":53", ""])("not a server: %j", async (server) => {
  dns = await startTestDns([]);
  expect(() => createResolver({ servers: [server] })).toThrow(RangeError);
});
