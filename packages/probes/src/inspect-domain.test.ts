import { createHash, X509Certificate } from "node:crypto";
import { once } from "node:events";
import { createServer } from "node:https";
import { gzipSync } from "node:zlib";
import type { Answer } from "dns-packet";
import { afterEach, beforeAll, describe, expect, test } from "vitest";
import {
  createUntrustedAuthority,
  type TestCertificate,
  type UntrustedAuthority,
} from "../testing/create-untrusted-authority.ts";
import { addressOf, type Interfere, startTestDns } from "../testing/start-test-dns.ts";
import { type MailScript, startTestMailServer } from "../testing/start-test-mail-server.ts";
import { createAddressGuard } from "./create-address-guard.ts";
import { createResolver } from "./create-resolver.ts";
import { type InspectDomainOptions, inspectDomain } from "./inspect-domain.ts";

let authority: UntrustedAuthority;
let policyCertificate: TestCertificate;
const mailCertificates = new Map<string, TestCertificate>();
const stops: (() => unknown)[] = [];

beforeAll(async () => {
  authority = await createUntrustedAuthority();
  policyCertificate = await authority.issue(["mta-sts.example.com", "mta-sts.sub.example.com"]);
  mailCertificates.set("mx1.example.com", await authority.issue(["mx1.example.com"]));
  mailCertificates.set("mx2.example.com", await authority.issue(["other.example.com"]));
  mailCertificates.set(
    "old.example.com",
    await authority.issue(["old.example.com"], { fromDays: -9, toDays: -1 }),
  );
});
afterEach(async () => {
  for (const stop of stops.splice(0)) await stop();
});

const address = (name: string): Answer => ({ name, type: "A", data: "127.0.0.1" });
const txt = (name: string, data: string): Answer => ({ name, type: "TXT", data });
const mx = (exchange: string, preference = 10): Answer => ({
  name: "example.com",
  type: "MX",
  data: { preference, exchange },
});

const sts = txt("_mta-sts.example.com", "v=STSv1; id=1;");
const tlsRpt = txt("_smtp._tls.example.com", "v=TLSRPTv1; rua=mailto:tls@example.com");
const hosts = ["mta-sts.example.com", "mx1.example.com", "mx2.example.com", "old.example.com"].map(address);
const good = "version: STSv1\r\nmode: enforce\r\nmx: mx1.example.com\r\nmax_age: 2419200\r\n";

type World = {
  records?: Answer[];
  interfere?: Interfere;
  body?: string | Buffer;
  headers?: Record<string, string>;
  status?: number;
  mail?: Partial<MailScript>;
  dnsTimeoutMs?: number;
  options?: Partial<InspectDomainOptions>;
};

async function checkIn(world: World) {
  const { records = [sts, tlsRpt, mx("mx1.example.com"), ...hosts], body = good, status = 200 } = world;
  const { headers = { "content-type": "text/plain; charset=utf-8" } } = world;
  const dns = await startTestDns(records, world.interfere);
  const policyHost = createServer(policyCertificate, (_, response) =>
    response.writeHead(status, headers).end(body),
  );
  policyHost.listen(0, "127.0.0.1");
  await once(policyHost, "listening");
  const certificateFor = (name: string) => mailCertificates.get(name) ?? policyCertificate;
  const mail = await startTestMailServer({ certificateFor, ...world.mail });
  stops.push(dns.stop, () => policyHost.close(), mail.stop);
  return inspectDomain({
    domain: "example.com",
    resolver: createResolver({ servers: [dns.server], timeoutMs: world.dnsTimeoutMs ?? 300 }),
    guard: createAddressGuard({ allowPrivate: true }),
    heloName: "check.example.net",
    now: () => new Date(),
    httpsPort: addressOf(policyHost.address()).port,
    smtpPort: mail.port,
    caPem: authority.caPem,
    timeoutMs: 4000,
    ...world.options,
  });
}

async function findingsIn(world: World) {
  const { findings } = await checkIn(world);
  return findings.map(({ code, severity }) => `${severity} ${code}`);
}

const healthy = [
  "ok record-ok",
  "ok policy-fetched",
  "ok certificate-ok",
  "ok mode-enforce",
  "ok mx-ok",
  "ok tls-rpt-ok",
];

test("a healthy domain has nothing but good findings, each with its RFC", async () => {
  const check = await checkIn({});
  expect(check.findings.map(({ code, severity }) => `${severity} ${code}`)).toEqual(healthy);
  expect(check.findings.every(({ rfc }) => /^RFC \d{4} §/.test(rfc))).toBe(true);
  expect(check).toMatchObject({
    record: { id: "1", text: "v=STSv1; id=1;" },
    policy: { body: good, policy: { mode: "enforce", mx: ["mx1.example.com"], maxAgeSeconds: 2_419_200 } },
    mx: [
      {
        mxHost: "mx1.example.com",
        isCovered: true,
        hasDane: false,
        probe: { found: { tlsVersion: "TLSv1.3" } },
      },
    ],
    tlsRpt: { rua: ["mailto:tls@example.com"] },
  });
});

const replacing = (...records: Answer[]): Answer[] => {
  const replaced = new Set(records.map(({ name, type }) => `${name} ${type}`));
  return [
    ...[sts, tlsRpt, mx("mx1.example.com"), ...hosts].filter(
      ({ name, type }) => !replaced.has(`${name} ${type}`),
    ),
    ...records,
  ];
};
const without = (...names: string[]) => replacing().filter(({ name }) => !names.includes(name));
const cname = (name: string, data: string): Answer => ({ name, type: "CNAME", data });

describe("RFC 8461 §3.1: the record", () => {
  test.each<[finding: string, records: Answer[], interfere?: Interfere]>([
    ["error record-missing", without("_mta-sts.example.com")],
    ["error policy-without-record", without("_mta-sts.example.com")],
    ["error record-several", replacing(sts, txt("_mta-sts.example.com", "v=STSv1; id=2;"))],
    ["error record-misspelled", replacing(txt("_mta-sts.example.com", "v=sts1; id=2;"))],
    ["error record-bad-syntax", replacing(txt("_mta-sts.example.com", "v=STSv1; id=2026-11-24;"))],
    ["warning record-advice", replacing(txt("_mta-sts.example.com", "v=STSv1; id=foo; id=bar"))],
    ["warning record-advice", replacing(txt("_mta-sts.example.com", "v=STSv1 ; id=foo"))],
    [
      "note record-delegated",
      [
        ...without("_mta-sts.example.com"),
        cname("_mta-sts.example.com", "t.example.net"),
        txt("t.example.net", "v=STSv1; id=1;"),
      ],
    ],
    [
      "error record-dangling-cname",
      [...without("_mta-sts.example.com"), cname("_mta-sts.example.com", "t.example.net")],
    ],
    [
      "error record-dns-failed",
      replacing(),
      ({ name }) => (name.startsWith("_mta-sts") ? { flags: 2 } : undefined),
    ],
  ])("%s", async (finding, records, interfere) => {
    expect(await findingsIn({ records, ...(interfere && { interfere }) })).toContain(finding);
  });

  test("RFC 8461 §3.4: for a subdomain without a record we say that the parent's record does not count", async () => {
    const findings = await findingsIn({ options: { domain: "sub.example.com" } });
    expect(findings).toEqual(expect.arrayContaining(["error not-set-up", "note record-at-parent-only"]));
  });
});

describe("RFC 8461 §3.2, §3.3: the policy", () => {
  test.each<[finding: string, world: World]>([
    ["error policy-host-missing", { records: without("mta-sts.example.com") }],
    ["error policy-unreachable", { options: { httpsPort: 1 } }],
    ["error policy-compressed", { body: gzipSync(good), headers: { "content-encoding": "gzip" } }],
    ["error policy-compressed", { body: gzipSync(good) }],
    [
      "warning policy-addresses-differ",
      { records: [...replacing(), { name: "mta-sts.example.com", type: "A", data: "127.0.0.2" }] },
    ],
    [
      "error policy-dns-failed",
      { interfere: ({ name }) => (name.startsWith("mta-sts") ? { flags: 2 } : undefined) },
    ],
    ["error certificate-not-trusted", { options: { caPem: undefined } }],
    ["error policy-redirect", { status: 302, headers: { location: "/" } }],
    ["error policy-status", { status: 404 }],
    ["error policy-too-large", { body: "x".repeat(70_000) }],
    ["warning content-type-missing", { headers: {} }],
    ["warning content-type-wrong", { headers: { "content-type": "text/html" } }],
    ["note content-type-charset", { headers: { "content-type": "text/plain; charset=utf-16" } }],
    ["error policy-line-blank-line", { body: good.replace("mode", "\r\nmode") }],
    ["note policy-line-bare-lf", { body: good.replaceAll("\r", "") }],
    ["error policy-line-mx-ip-address", { body: good.replace("mx1.example.com", "192.0.2.1") }],
    ["note mode-testing", { body: good.replace("enforce", "testing") }],
    ["note mode-none", { body: good.replace("enforce", "none") }],
    ["warning policy-advice", { body: good.replace("2419200", "604800") }],
    ["warning policy-wildcard", { body: good.replace("mx1.", "*.") }],
    ["note mx-pattern-unused", { body: good.replace("max_age", "mx: gone.example.com\r\nmax_age") }],
    ["warning certificate-expires-soon", { options: { now: () => new Date(Date.now() + 25 * 86_400_000) } }],
  ])("%s", async (finding, world) => {
    expect(await findingsIn(world)).toContain(finding);
  });
});

describe("the MX hosts", () => {
  test.each<[finding: string, world: World]>([
    ["error mx-not-covered", { records: replacing(mx("mx1.example.com"), mx("mx2.example.com", 20)) }],
    ["error mx-name-unusable", { records: replacing(mx("_dc-mx.8f2c.example.com")) }],
    ["error mx-name-unusable", { records: replacing(mx("192.0.2.1")) }],
    [
      "warning mx-is-alias",
      {
        records: [
          ...without("mx1.example.com"),
          cname("mx1.example.com", "real.example.com"),
          address("real.example.com"),
        ],
      },
    ],
    [
      "warning mx-addresses-differ",
      { records: [...replacing(), { name: "mx1.example.com", type: "A", data: "127.0.0.2" }] },
    ],
    [
      "warning mx-name-unusable",
      { records: replacing(mx("mail")), body: good.replace("enforce", "testing") },
    ],
    ["error mx-certificate-host-mismatch", { records: replacing(mx("mx2.example.com")) }],
    ["error mx-certificate-expired", { records: replacing(mx("old.example.com")) }],
    ["error mx-no-starttls", { mail: { ehlo: "250 mx1.example.com\r\n" } }],
    [
      "warning mx-no-starttls",
      { mail: { ehlo: "250 mx1.example.com\r\n" }, body: good.replace("enforce", "testing") },
    ],
    ["error mx-tls-failed", { mail: { starttls: "454 no\r\n" } }],
    ["warning mx-smtp-failed", { mail: { greeting: "554 no\r\n" } }],
    ["warning mx-unreachable", { options: { smtpPort: 1 } }],
    ["error mx-host-missing", { records: replacing(mx("absent.example.com")) }],
    ["note mx-implicit", { records: [...without("example.com"), address("example.com")] }],
    ["note mx-null", { records: replacing(mx(".", 0)) }],
    ["error domain-missing", { records: without("example.com") }],
    ["error mx-dns-failed", { interfere: ({ type }) => (type === "MX" ? { flags: 2 } : undefined) }],
    [
      "note mx-signed",
      {
        interfere: ({ type }) =>
          type === "MX" ? { flags: 0x20, answers: [mx("mx1.example.com")] } : undefined,
      },
    ],
    [
      "note mx-many",
      {
        records: replacing(...Array.from({ length: 12 }, (_, index) => mx(`mx${index}.example.com`, index))),
      },
    ],
  ])("%s", async (finding, world) => {
    expect(await findingsIn(world)).toContain(finding);
  });

  test("private addresses are refused, for the policy host and the MX hosts", async () => {
    const findings = await findingsIn({ options: { guard: createAddressGuard({ allowPrivate: false }) } });
    expect(findings).toEqual(
      expect.arrayContaining(["error policy-address-refused", "warning mx-address-refused"]),
    );
  });

  test("RFC 7505 §3: a domain that takes no mail is not blamed for having no policy", async () => {
    const findings = await findingsIn({
      records: [{ name: "example.com", type: "MX", data: { preference: 0, exchange: "." } }],
    });
    expect(findings.filter((finding) => /^(error|warning)/.test(finding))).toEqual([]);
  });

  test.each([
    ["matches", 1, "note mx-dane"],
    ["matches in full", 0, "note mx-dane"],
    ["does not match", 2, "error mx-dane-mismatch"],
  ] as const)(
    "RFC 7672 §3.1: a signed TLSA record that %s the certificate just seen",
    async (_, kind, finding) => {
      const leaf = new X509Certificate(mailCertificates.get("mx1.example.com")?.cert ?? "").raw;
      const digest = createHash("sha256").update(leaf).digest();
      const certificate = [leaf, digest, Buffer.alloc(32)][kind] ?? leaf;
      const data = { usage: 3, selector: 0, matchingType: kind === 0 ? 0 : 1, certificate };
      const records = replacing({ name: "_25._tcp.mx1.example.com", type: "TLSA", data });
      expect((await findingsIn({ records })).join()).not.toContain("dane");
      const interfere: Interfere = ({ type }) =>
        type === "TLSA" ? { flags: 0x20, answers: records.slice(-1) } : undefined;
      expect(await findingsIn({ records, interfere })).toContain(finding);
    },
  );
});

test("RFC 8461 §3.1: a domain without record and policy host gets one finding", async () => {
  const findings = await findingsIn({ records: without("_mta-sts.example.com", "mta-sts.example.com") });
  expect(findings.filter((finding) => /record|policy|set-up/.test(finding))).toEqual(["error not-set-up"]);
});

test.each([
  ["_mta_sts.example.com", "_mta-sts.example.com", "v=STSv1; id=1;", "error record-misplaced"],
  ["mta-sts.example.com", "_mta-sts.example.com", "v=STSv1; id=1;", "error record-misplaced"],
  ["_mta-sts.example.com.example.com", "_mta-sts.example.com", "v=STSv1; id=1;", "error record-misplaced"],
  [
    "_tlsrpt.example.com",
    "_smtp._tls.example.com",
    "v=TLSRPTv1; rua=mailto:a@example.com",
    "error tls-rpt-misplaced",
  ],
  [
    "_smtp-tlsrpt.example.com",
    "_smtp._tls.example.com",
    "v=TLSRPTv1; rua=mailto:a@example.com",
    "error tls-rpt-misplaced",
  ],
])("a record at %s in place of %s is found there", async (wrong, right, text, finding) => {
  const findings = await findingsIn({ records: [...without(right), txt(wrong, text)] });
  expect(findings).toContain(finding);
  expect(findings.join()).not.toMatch(/record-missing|tls-rpt-missing/);
});

describe("RFC 8460 §3: the reporting record", () => {
  test.each<[finding: string, records: Answer[]]>([
    ["warning tls-rpt-missing", without("_smtp._tls.example.com")],
    ["error tls-rpt-bad", replacing(txt("_smtp._tls.example.com", "v=TLSRPTv1;"))],
    [
      "warning tls-rpt-advice",
      replacing(txt("_smtp._tls.example.com", "v=TLSRPTv1 ; rua=mailto:x@example.com")),
    ],
    [
      "error tls-rpt-bad",
      replacing(tlsRpt, txt("_smtp._tls.example.com", "v=TLSRPTv1; rua=mailto:x@example.com")),
    ],
  ])("%s", async (finding, records) => {
    expect(await findingsIn({ records })).toContain(finding);
  });
});

test("with every DNS server silent, the check still ends in time and says so", async () => {
  const startedAt = performance.now();
  const findings = await findingsIn({
    interfere: () => "silence",
    dnsTimeoutMs: 3000,
    options: { timeoutMs: 500 },
  });
  expect(performance.now() - startedAt).toBeLessThan(2500);
  expect(findings).toEqual(
    expect.arrayContaining([
      "error record-dns-failed",
      "error policy-timeout",
      "error mx-dns-failed",
      "error tls-rpt-dns-failed",
    ]),
  );
});

describe("RFC 4035 §3.2.2: broken DNSSEC is named as such", () => {
  const opt = { type: "OPT", name: ".", udpPayloadSize: 1232, extendedRcode: 0, ednsVersion: 0, flags: 0 };
  const expired = { ...opt, flag_do: false, options: [{ code: 15, data: Buffer.from([0, 7]) }] };

  test.each<[seen: string, interfere: Interfere, clause: string]>([
    [
      "by what answers once validation is off",
      ({ name }, _, __, isUnchecked) =>
        name === "_mta-sts.example.com" && !isUnchecked ? { flags: 2 } : undefined,
      "the signatures do not validate",
    ],
    [
      "by the extended error (RFC 8914)",
      ({ name }) =>
        name === "_mta-sts.example.com"
          ? { flags: 2, additionals: [expired as unknown as Answer] }
          : undefined,
      "a signature has expired",
    ],
  ])("%s", async (_, interfere, clause) => {
    const { findings } = await checkIn({ interfere });
    const message = `The DNSSEC of _mta-sts.example.com is broken: ${clause}`;
    expect(findings).toContainEqual(expect.objectContaining({ code: "record-dns-failed", message }));
  });

  test("a server that fails either way has no DNSSEC fault", async () => {
    const interfere: Interfere = ({ name }) => (name === "_mta-sts.example.com" ? { flags: 2 } : undefined);
    const { findings } = await checkIn({ interfere });
    const finding = findings.find(({ code }) => code === "record-dns-failed");
    expect(finding?.message).toBeTruthy();
    expect(finding?.message).not.toMatch(/DNSSEC/);
  });
});
