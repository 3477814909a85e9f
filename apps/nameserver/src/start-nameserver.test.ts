import { execFile } from "node:child_process";
import { promisify } from "node:util";
import { CAA_ACCOUNTS_KEY, recordServingChange } from "@waxseal/core/serving";
import { createTestDatabase, type TestDatabase } from "@waxseal/db/testing";
import { createLogger } from "@waxseal/runtime";
import { type DecodedPacket, decode, encode } from "dns-packet";
import { afterAll, beforeAll, expect, inject, test } from "vitest";
import { ask, askOverTcp, askUdp } from "../testing/ask-nameserver.ts";
import { createTestTokens, type TestTokens } from "../testing/create-test-tokens.ts";
import { type Config, LIMITS } from "./config.ts";
import { type Nameserver, startNameserver } from "./start-nameserver.ts";

const ZONE = "hosted.example";
const settings: Config["settings"] = {
  hostedZone: ZONE,
  reportsDomain: `reports.${ZONE}`,
  reportsHost: `upload.reports.${ZONE}`,
  policyAddresses: ["192.0.2.1", "192.0.2.2", "2001:db8::1"],
  nameservers: [`ns1.${ZONE}`, "ns2.example.net"],
  caaIdentities: ["ca1.example", "ca2.example"],
};

let database: TestDatabase;
let tokens: TestTokens;
let nameserver: Nameserver;
let token: string;

beforeAll(async () => {
  database = await createTestDatabase(inject("templateDatabaseUrl"));
  tokens = createTestTokens(database.db);
  token = await tokens.add();
  await tokens.publish(token, "20260101a");
  nameserver = await startNameserver(
    {
      ...LIMITS,
      secondaries: [],
      tsigKey: undefined,
      databaseUrl: await database.urlAs("nameserver"),
      bindAddress: "127.0.0.1",
      port: 0,
      healthPort: 0,
      settings,
      nameserverAddresses: [{ nameserver: `ns1.${ZONE}`, address: "198.51.100.53" }],
    },
    { logger: createLogger("nameserver", "silent") },
  );
});
afterAll(async () => {
  await nameserver?.stop();
  await database?.drop();
});

const texts = ({ answers = [] }: DecodedPacket) =>
  answers.flatMap((answer) =>
    answer.type === "TXT"
      ? [Buffer.concat([answer.data].flat().map((part) => Buffer.from(part))).toString()]
      : [],
  );
const data = ({ answers = [] }: DecodedPacket) =>
  answers.map((answer) => ("data" in answer ? answer.data : undefined));
const look = (name: string, type: string) => ask(nameserver.port, name, type);

test("RFC 8461 §3.1: the TXT record carries the published id", async () => {
  const answer = await look(`${token}._mta-sts.${ZONE}`, "TXT");
  expect(answer).toMatchObject({ rcode: "NOERROR", flag_aa: true, flag_ra: false });
  expect(texts(answer)).toEqual(["v=STSv1; id=20260101a;"]);
});

test("RFC 8460 §3: the report addresses are named, mail first", async () => {
  expect(texts(await look(`${token}._smtp-tls.${ZONE}`, "TXT"))).toEqual([
    `v=TLSRPTv1; rua=mailto:${token}@reports.${ZONE},https://upload.reports.${ZONE}/v1/tlsrpt/${token}`,
  ]);
});

test("RFC 8659 §4.2: the policy host has our addresses, and a CAA set that lets only our CAs issue", async () => {
  const policyHost = `${token}.mta-sts.${ZONE}`;
  expect(data(await look(policyHost, "A"))).toEqual(["192.0.2.1", "192.0.2.2"]);
  expect(data(await look(policyHost, "AAAA"))).toEqual(["2001:db8::1"]);
  expect(data(await look(policyHost, "CAA"))).toMatchObject([
    { flags: 0, tag: "issue", value: "ca1.example" },
    { flags: 0, tag: "issue", value: "ca2.example" },
    { flags: 0, tag: "issuewild", value: ";" },
  ]);
});

test("RFC 8657 §3: once an account of ours is known every token's CAA set names it, under a new serial", async () => {
  const policyHost = `${token}.mta-sts.${ZONE}`;
  const serialOf = async () => JSON.stringify(data(await look(ZONE, "SOA")));
  const serial = await serialOf();
  const account = { directoryUrl: "https://ca1.example/dir", keyJwe: "", createdAt: new Date() };
  const named = { accountUrl: "https://ca1.example/acct/7", caaIdentities: ["ca1.example"] };
  await database.db.$transaction(async (transaction) => {
    await transaction.acmeAccount.create({ data: { ...account, ...named } });
    await recordServingChange(transaction, "record", CAA_ACCOUNTS_KEY, new Date());
  });
  await expect
    .poll(async () => data(await look(policyHost, "CAA")))
    .toMatchObject([
      { value: "ca1.example; accounturi=https://ca1.example/acct/7; validationmethods=http-01" },
      { value: "ca2.example" },
      { tag: "issuewild", value: ";" },
    ]);
  expect(await serialOf()).not.toBe(serial);
});

test("the apex names its nameservers, and those inside the zone have addresses", async () => {
  expect(data(await look(ZONE, "NS"))).toEqual([`ns1.${ZONE}`, "ns2.example.net"]);
  expect(data(await look(`ns1.${ZONE}`, "A"))).toEqual(["198.51.100.53"]);
  expect(data(await look(ZONE, "SOA"))).toMatchObject([
    { mname: `ns1.${ZONE}`, rname: `hostmaster.${ZONE}` },
  ]);
});

test("the reports domain inside the zone has its MX, and the upload host its addresses", async () => {
  expect(data(await look(`reports.${ZONE}`, "MX"))).toEqual([
    { preference: 10, exchange: `mx.reports.${ZONE}` },
  ]);
  for (const host of [`mx.reports.${ZONE}`, `upload.reports.${ZONE}`]) {
    expect(data(await look(host, "A"))).toContain("192.0.2.1");
  }
});

test.each([
  ["a name that does not exist", "nothing.hosted.example", "A", "NXDOMAIN"],
  ["a token that was never issued", "aaaaaaaaaaaaaaaa._mta-sts.hosted.example", "TXT", "NXDOMAIN"],
  ["a name without that type", "hosted.example", "A", "NOERROR"],
  ["an empty non-terminal", "_mta-sts.hosted.example", "TXT", "NOERROR"],
])("RFC 2308 §2: %s is denied with the SOA", async (_, name, type, rcode) => {
  const answer = await look(name, type);
  expect(answer).toMatchObject({ rcode, flag_aa: true, answers: [] });
  expect(answer.authorities).toMatchObject([{ type: "SOA", name: ZONE, data: { minimum: 30 } }]);
});

test("a new id is answered within a second, and a domain that left not at all", async () => {
  const other = await tokens.add();
  const name = `${other}._mta-sts.${ZONE}`;
  await expect.poll(async () => (await look(name, "TXT")).rcode).toBe("NOERROR");
  expect(texts(await look(name, "TXT"))).toEqual([]);
  const before = data(await look(ZONE, "SOA"));

  const startedAtMs = performance.now();
  await tokens.publish(other, "next1");
  await expect
    .poll(async () => texts(await look(name, "TXT")), { interval: 10 })
    .toEqual(["v=STSv1; id=next1;"]);
  expect(performance.now() - startedAtMs).toBeLessThan(1_000);
  expect(data(await look(ZONE, "SOA"))).not.toEqual(before);

  await tokens.leave(other);
  await expect.poll(async () => (await look(name, "TXT")).rcode).toBe("NXDOMAIN");
});

test("the case of the question is kept in the answer", async () => {
  const name = `${token}._MTA-sts.HOSTED.exAMPle`;
  const answer = await look(name, "TXT");
  expect(answer.questions).toMatchObject([{ name }]);
  expect(answer.answers).toMatchObject([{ name }]);
});

test("RFC 8482 §4.2: ANY gets one small record", async () => {
  const answer = await look(`${token}.mta-sts.${ZONE}`, "ANY");
  expect(answer.answers).toMatchObject([{ type: "HINFO", data: { cpu: "RFC8482" } }]);
});

test.each([
  ["another zone", "example.com", "A", {}],
  ["a zone that ends like ours", "nothosted.example", "A", {}],
  ["a zone transfer", ZONE, "AXFR", {}],
])("%s is refused", async (_, name, type, packet) => {
  expect(await ask(nameserver.port, name, type, packet)).toMatchObject({ rcode: "REFUSED", flag_aa: false });
});

test("other classes are refused and other opcodes are not implemented", async () => {
  const question = { name: ZONE, type: "TXT" as const };
  const chaos = await ask(nameserver.port, "", "", { questions: [{ ...question, class: "CH" }] });
  expect(chaos.rcode).toBe("REFUSED");
  const notify = await ask(nameserver.port, "", "", { questions: [question], flags: 4 << 11 });
  expect(notify).toMatchObject({ rcode: "NOTIMP", opcode: "NOTIFY" });
});

test("RFC 6891 §6.1.3: EDNS is answered with EDNS, a later version with BADVERS", async () => {
  const opt = { type: "OPT" as const, name: "." as const, udpPayloadSize: 4_096, flags: 0, options: [] };
  const edns = await ask(nameserver.port, ZONE, "SOA", {
    additionals: [{ ...opt, extendedRcode: 0, ednsVersion: 0, flag_do: false }],
  });
  expect(edns.additionals).toMatchObject([{ type: "OPT", udpPayloadSize: 1_232 }]);
  const later = await ask(nameserver.port, ZONE, "SOA", {
    additionals: [{ ...opt, extendedRcode: 0, ednsVersion: 1, flag_do: false }],
  });
  expect(later.additionals).toMatchObject([{ type: "OPT", extendedRcode: 1 }]);
  expect(later.answers).toEqual([]);
  expect((await look(ZONE, "SOA")).additionals).toEqual([]);
});

test("RFC 7766 §6.2.1: questions on one TCP connection are answered in order", async () => {
  const answers = await askOverTcp(nameserver.port, [
    [ZONE, "NS"],
    [`${token}._mta-sts.${ZONE}`, "TXT"],
    ["example.com", "A"],
  ]);
  expect(answers.map(({ rcode }) => rcode)).toEqual(["NOERROR", "NOERROR", "REFUSED"]);
  expect(answers.map(({ answers: records = [] }) => records.length)).toEqual([2, 1, 0]);
});

test("a response is never answered", async () => {
  const response = encode({ type: "response", id: 1, questions: [{ name: ZONE, type: "A" }] });
  expect(await askUdp(nameserver.port, response, 200)).toBeUndefined();
  expect(await askUdp(nameserver.port, Buffer.from([1, 2, 3]), 200)).toBeUndefined();
});

test("dig and kdig read the answers without a warning", async () => {
  const run = async (tool: string, ...rest: string[]) =>
    (await promisify(execFile)(tool, ["@127.0.0.1", "-p", String(nameserver.port), ...rest])).stdout;
  const name = `${token}._mta-sts.${ZONE}`;
  expect(await run("dig", "+short", name, "TXT")).toBe('"v=STSv1; id=20260101a;"\n');
  expect(await run("dig", "+tcp", "+dnssec", name, "TXT")).toContain("status: NOERROR");
  const caa = await run("kdig", "+nocrypto", `${token}.mta-sts.${ZONE}`, "CAA");
  expect(caa).toContain('0 issuewild ";"');
  expect(caa).not.toMatch(/warning/i);
});

test("a malformed question gets FORMERR", async () => {
  const message = encode({ type: "query", id: 7, questions: [{ name: ZONE, type: "A" }] });
  for (const broken of [message.subarray(0, -1), Buffer.concat([message, Buffer.from([0])])]) {
    const answer = await askUdp(nameserver.port, broken);
    expect(answer && decode(answer)).toMatchObject({ id: 7, rcode: "FORMERR" });
  }
});
