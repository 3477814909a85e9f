import { decode, encode, type Packet } from "dns-packet";
import { expect, test } from "vitest";
import { answerMessage, type MessageSource } from "./answer-message.ts";
import type { TransferRules } from "./answer-transfer.ts";
import { createZone } from "./create-zone.ts";
import { createSigner, parseTsigKey } from "./tsig.ts";

const ZONE = "hosted.example";
const TOKEN = "abcdefghijklmnop";
const AT = new Date("2026-01-01T00:00:00Z");
const tsigKey = parseTsigKey(`key:hmac-sha256:${Buffer.alloc(32, 3).toString("base64")}`);
if (!tsigKey) throw new Error("no key");
const byAddress: TransferRules = { secondaries: [{ address: "192.0.2.1", port: 53 }], tsigKey: undefined };
const byKey: TransferRules = { ...byAddress, tsigKey };
const SECONDARY: MessageSource = { transport: "tcp", address: "192.0.2.1" };

function makeZone() {
  const zone = createZone({
    hostedZone: ZONE,
    reportsDomain: "reports.example",
    policyAddresses: ["192.0.2.9"],
    nameservers: [],
    caaIdentities: ["ca.example"],
  });
  zone.load({ seq: 4n, tokens: [{ token: TOKEN, publishedPolicyId: "id1" }], caaAccounts: [] });
  const after = { token: TOKEN, publishedPolicyId: "id2" };
  zone.apply({ seq: 7n, tokens: [{ token: TOKEN, firstSeq: 6n, lastSeq: 6n, after }] });
  return zone;
}

function transferQuery(type: string, name = ZONE, serial?: number): Buffer {
  const data = { mname: "m", rname: "r", serial: serial ?? 0, refresh: 1, retry: 1, expire: 1, minimum: 1 };
  const authorities: Packet["authorities"] =
    serial === undefined ? [] : [{ type: "SOA", name, data: { ...data, serial } }];
  return encode({ type: "query", id: 9, questions: [{ name, type: type as "A" }], authorities });
}

function answer(message: Buffer, rules: TransferRules, source = SECONDARY, zone = makeZone()) {
  const answered = answerMessage(message, zone, source, { rules, now: () => AT });
  const messages = [...(answered?.messages ?? [])];
  return { ...answered, records: messages.flatMap((bytes) => decode(bytes).answers ?? []), messages };
}

test("RFC 5936 §2.2: the whole zone is sent between two copies of its SOA", () => {
  const { records, transfer } = answer(transferQuery("AXFR"), byAddress);
  expect(transfer).toBe("axfr");
  expect(records.map(({ type }) => type)).toEqual([
    "SOA",
    ...["NS", "A"],
    ...["A", "CAA", "CAA", "TXT", "TXT"],
    "SOA",
  ]);
});

test("RFC 1995 §4: a difference takes away what was and adds what is, nothing else", () => {
  const { records, transfer } = answer(transferQuery("IXFR", ZONE, 5), byAddress);
  expect(transfer).toBe("ixfr");
  const serials = records.flatMap((record) => (record.type === "SOA" ? [record.data.serial] : []));
  expect(serials).toEqual([8, 5, 8, 8]);
  expect(records.flatMap((record) => (record.type === "TXT" ? [String(record.data)] : []))).toEqual([
    "v=STSv1; id=id1;",
    "v=STSv1; id=id2;",
  ]);
});

test.each([
  ["newest already", 8, "tcp", "soa"],
  ["newer than ours", 9, "tcp", "soa"],
  ["older than the journal", 3, "tcp", "axfr"],
  ["over UDP: ask over TCP", 5, "udp", "soa"],
] as const)("RFC 1995 §2: %s", (_, serial, transport, kind) => {
  const { transfer } = answer(transferQuery("IXFR", ZONE, serial), byAddress, { ...SECONDARY, transport });
  expect(transfer).toBe(kind);
});

test.each([
  ["from another address", transferQuery("AXFR"), byAddress, { ...SECONDARY, address: "192.0.2.2" }],
  ["without any secondary", transferQuery("AXFR"), { ...byAddress, secondaries: [] }, SECONDARY],
  ["unsigned where there is a key", transferQuery("AXFR"), byKey, SECONDARY],
  ["of a part of the zone", transferQuery("AXFR", `mta-sts.${ZONE}`), byAddress, SECONDARY],
  ["of another zone", transferQuery("AXFR", "example.com"), byAddress, SECONDARY],
  ["over UDP", transferQuery("AXFR"), byAddress, { ...SECONDARY, transport: "udp" as const }],
  ["IXFR from another address", transferQuery("IXFR", ZONE, 5), byAddress, { ...SECONDARY, address: "::1" }],
])("RFC 5936 §5: a transfer %s is refused", (_, message, rules, source) => {
  const { rcode, records, messages } = answer(message, rules, source);
  expect([rcode, records.length, messages.length]).toEqual([5, 0, 1]);
});

test("a server with settings that are not the newest refuses: the same serial means another zone elsewhere", () => {
  const zone = makeZone();
  zone.apply({ seq: 9n, tokens: [], fingerprint: "of-another" });
  expect(answer(transferQuery("AXFR"), byAddress, SECONDARY, zone).rcode).toBe(5);
  zone.apply({ seq: 10n, tokens: [], fingerprint: zone.fingerprint });
  expect(answer(transferQuery("AXFR"), byAddress, SECONDARY, zone).transfer).toBe("axfr");
  // Across a change of settings no difference is known.
  expect(answer(transferQuery("IXFR", ZONE, 8), byAddress, SECONDARY, zone).transfer).toBe("axfr");
});

test("a zone transfer does not show changes made during it", () => {
  const zone = makeZone();
  const messages = answerMessage(transferQuery("AXFR"), zone, SECONDARY, { rules: byAddress })?.messages;
  const reader = messages?.[Symbol.iterator]();
  zone.apply({ seq: 11n, tokens: [{ token: TOKEN, firstSeq: 11n, lastSeq: 11n, after: undefined }] });
  const { answers = [] } = decode(reader?.next().value ?? Buffer.alloc(0));
  expect(answers.filter(({ type }) => type === "TXT")).toHaveLength(2);
});

test("thousands of mutated signed transfers are answered, refused or ignored, never a crash, never let through changed", () => {
  const zone = makeZone();
  let seed = 815;
  const random = (below: number) => {
    seed = (Math.imul(seed, 1_103_515_245) + 12_345) >>> 0;
    return Math.trunc((seed / 2 ** 32) * below);
  };
  const seeds = ["AXFR", "IXFR"].map((type) =>
    createSigner(tsigKey, undefined, () => AT)(transferQuery(type, ZONE, 5)),
  );
  let transfers = 0;
  for (let run = 0; run < 10_000; run += 1) {
    const original = seeds[random(2)] ?? Buffer.alloc(0);
    const message = Buffer.from(original.subarray(0, random(4) === 0 ? random(original.length) : undefined));
    for (let flips = random(5); flips > 0 && message.length > 0; flips -= 1)
      message[random(message.length)] = random(256);
    const answered = answerMessage(message, zone, SECONDARY, { rules: byKey, now: () => AT });
    for (const bytes of answered?.messages ?? []) decode(bytes);
    if (!answered?.transfer) continue;
    transfers += 1;
    expect(message.subarray(2).equals(original.subarray(2))).toBe(true);
  }
  expect(transfers).toBeGreaterThan(500);
});

test("servers with other CAs or addresses have other zones; our accounts at the CAs are in the database, the same for all", () => {
  const zone = makeZone();
  const { settings } = zone;
  expect(createZone({ ...settings, caaIdentities: ["other-ca.example"] }).fingerprint).not.toBe(
    zone.fingerprint,
  );
  expect(createZone({ ...settings, policyAddresses: ["192.0.2.99"] }).fingerprint).not.toBe(zone.fingerprint);
  const before = zone.fingerprint;
  const account = { accountUrl: "https://ca.example/acct/1", caaIdentities: [...settings.caaIdentities] };
  zone.load({ seq: 1n, tokens: [], caaAccounts: [account] });
  expect(zone.fingerprint).toBe(before);
});
