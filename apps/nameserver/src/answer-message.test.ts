import { decode, encode, type Packet } from "dns-packet";
import { describe, expect, test } from "vitest";
import { answerMessage as answerMessages, type MessageSource } from "./answer-message.ts";
import { createZone, type Zone } from "./create-zone.ts";

const TOKEN = "abcdefghijklmnop";
const ZONE = "hosted.example";

function makeZone(addresses = 1) {
  const zone = createZone({
    hostedZone: ZONE,
    reportsDomain: "reports.elsewhere.example",
    policyAddresses: Array.from({ length: addresses }, (_, index) => `192.0.2.${index}`),
    nameservers: [],
    caaIdentities: ["ca.example"],
  });
  zone.load({ seq: 1n, tokens: [{ token: TOKEN, publishedPolicyId: "id1" }], caaAccounts: [] });
  return zone;
}

function answerMessage(message: Buffer, zone: Zone, { transport }: Pick<MessageSource, "transport">) {
  const answered = answerMessages(message, zone, { transport, address: "192.0.2.200" });
  const [bytes = Buffer.alloc(0), ...more] = answered?.messages ?? [];
  expect(more).toEqual([]);
  return answered && { ...answered, bytes };
}

function query(name: string, type: "A" | "TXT" | "MX" | "NS", packet: Packet = {}): Buffer {
  return encode({ type: "query", id: 99, questions: [{ name, type }], ...packet });
}

function edns(udpPayloadSize: number): Packet {
  const opt = {
    type: "OPT" as const,
    name: "." as const,
    flags: 0,
    options: [],
    extendedRcode: 0,
    ednsVersion: 0,
  };
  return { additionals: [{ ...opt, udpPayloadSize, flag_do: false }] };
}

const policyHost = `${TOKEN}.mta-sts.${ZONE}`;

describe("what does not fit", () => {
  // 60 addresses are about 1000 bytes.
  test.each([
    ["RFC 1035 §4.2.1: 512 bytes over UDP without EDNS", {}, "udp", true],
    ["RFC 6891 §6.2.3: the client's size with EDNS", edns(900), "udp", true],
    ["RFC 6891 §6.2.5: a size below 512 counts as 512", edns(100), "udp", true],
    ["RFC 6891 §6.2.3: enough room with EDNS", edns(1_232), "udp", false],
    ["RFC 1035 §4.2.2: TCP", {}, "tcp", false],
  ] as const)("%s", (_, packet, transport, isTruncated) => {
    const bytes = answerMessage(query(policyHost, "A", packet), makeZone(60), { transport })?.bytes;
    const answer = decode(bytes ?? Buffer.alloc(0));
    expect(answer.flag_tc).toBe(isTruncated);
    expect(answer.answers).toHaveLength(isTruncated ? 0 : 60);
    expect(answer.questions).toMatchObject([{ name: policyHost }]);
  });

  test("a huge size is not believed: nothing over 1232 bytes is sent over UDP", () => {
    const answered = answerMessage(query(policyHost, "A", edns(65_535)), makeZone(200), { transport: "udp" });
    expect(answered?.bytes.length).toBeLessThan(100);
  });
});

test("before the zone is loaded nothing is denied: SERVFAIL", () => {
  const zone = createZone({ ...makeZone().settings });
  const answered = answerMessage(query(policyHost, "A"), zone, { transport: "udp" });
  expect(answered?.rcode).toBe(2);
});

test("names in the reports domain are not answered when it lies elsewhere", () => {
  const answered = answerMessage(query("mx.reports.elsewhere.example", "A"), makeZone(), {
    transport: "udp",
  });
  expect(answered?.rcode).toBe(5);
});

test("a zone without configured nameservers names one of its own", () => {
  const answered = answerMessage(query(ZONE, "NS"), makeZone(), { transport: "udp" });
  expect(decode(answered?.bytes ?? Buffer.alloc(0)).answers).toMatchObject([{ data: `ns1.${ZONE}` }]);
});

test.each([
  ["a name that does not exist", `absent.${ZONE}`, "A", 3],
  ["a token that no domain has", `zzzzzzzzzzzzzzzz.mta-sts.${ZONE}`, "A", 3],
  ["a type that is not there", `${TOKEN}._mta-sts.${ZONE}`, "A", 0],
  ["a name with others below it", `mta-sts.${ZONE}`, "TXT", 0],
  ["the zone itself", ZONE, "TXT", 0],
] as const)(
  "RFC 2308 §3: a denial of %s may be cached for the SOA's MINIMUM, not for its TTL",
  (_, name, type, rcode) => {
    const answered = answerMessage(query(name, type), makeZone(), { transport: "udp" });
    expect(answered?.rcode).toBe(rcode);
    const { authorities, answers } = decode(answered?.bytes ?? Buffer.alloc(0));
    expect(answers).toEqual([]);
    expect(authorities).toMatchObject([{ type: "SOA", name: ZONE, ttl: 30, data: { minimum: 30 } }]);
  },
);

test("RFC 2308 §3: asked for itself, the SOA keeps its own TTL", () => {
  const message = encode({ type: "query", id: 1, questions: [{ name: ZONE, type: "SOA" }] });
  const answered = answerMessage(message, makeZone(), { transport: "udp" });
  const { answers } = decode(answered?.bytes ?? Buffer.alloc(0));
  expect(answers).toMatchObject([{ type: "SOA", ttl: 300, data: { minimum: 30 } }]);
});

test("a label with a dot in it is another name, denied with the zone's SOA", () => {
  const message = query(policyHost, "A");
  // "abcdefghijklmnop" + "mta-sts" as one label of 24 bytes: the same text, not the same name.
  message[12] = 24;
  message[12 + 17] = 0x2e;
  const answered = answerMessage(message, makeZone(), { transport: "udp" });
  expect(answered?.rcode).toBe(3);
  expect(decode(answered?.bytes ?? Buffer.alloc(0)).authorities).toMatchObject([{ type: "SOA", name: ZONE }]);
});

test("thousands of mutated queries are answered or ignored, never a crash, and never with more than asked for", () => {
  const zone = makeZone(60);
  let seed = 4711;
  const random = (below: number) => {
    seed = (Math.imul(seed, 1_103_515_245) + 12_345) >>> 0;
    return Math.trunc((seed / 2 ** 32) * below);
  };
  const seeds = [
    query(policyHost, "A"),
    query(`${TOKEN}._mta-sts.${ZONE}`, "TXT", edns(1_232)),
    query(ZONE, "NS"),
  ];
  const counts = { answered: 0, ignored: 0 };
  for (let run = 0; run < 20_000; run += 1) {
    const original = seeds[random(seeds.length)] ?? Buffer.alloc(0);
    const message = Buffer.from(
      original.subarray(0, random(4) === 0 ? random(original.length + 1) : original.length),
    );
    for (let flips = random(6); flips > 0 && message.length > 0; flips -= 1) {
      message[random(message.length)] = random(3) === 0 ? 0xc0 + random(64) : random(256);
    }
    const answered = answerMessage(message, zone, { transport: "udp" });
    if (!answered) counts.ignored += 1;
    else {
      counts.answered += 1;
      expect(answered.bytes.length).toBeLessThanOrEqual(1_232);
      expect(answered.bytes.readUInt16BE(0)).toBe(message.readUInt16BE(0));
      decode(answered.bytes);
    }
  }
  expect(counts.answered).toBeGreaterThan(5_000);
  expect(counts.ignored).toBeGreaterThan(500);
});
