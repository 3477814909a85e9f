import { parsePolicy } from "@waxseal/mta-sts";
import { expect, test } from "vitest";
import type { CheckFinding } from "./check-finding.ts";
import { findingOf } from "./check-finding.ts";
import { judgeMxHost } from "./judge-mx.ts";
import { judgePolicy } from "./judge-policy.ts";
import { judgeStsRecord, judgeTlsRptRecord } from "./judge-record.ts";
import { listRecordsToPublish } from "./list-records-to-publish.ts";

const now = new Date("2026-03-01T12:00:00Z");
const nothing = { missing: "no-domain", cnames: [], detail: "" } as const;
const silent = { missing: "timeout", cnames: [], detail: "DNS did not answer in time" } as const;
const found = (...texts: string[]) => ({
  found: texts.map((text) => [text]),
  cnames: [],
  isAuthenticated: false,
});

type Case = {
  sts?: string[] | "silent";
  rpt?: string[] | "silent";
  /** The file, or why there is none. */
  file?: string | "no-domain" | "timeout";
  mx?: string[];
  more?: CheckFinding[];
  /** Both records' names are CNAMEs to a provider. */
  isDelegated?: boolean;
};

const GOOD = "version: STSv1\r\nmode: enforce\r\nmx: mx1.example.com\r\nmax_age: 604800\r\n";
const RECORD = ["v=STSv1; id=1;"];
const REPORTS = ["v=TLSRPTv1; rua=mailto:tls@example.com"];

function propose({
  sts = RECORD,
  rpt = REPORTS,
  file = GOOD,
  mx = ["mx1.example.com"],
  more = [],
  isDelegated,
}: Case) {
  const cnames = isDelegated ? ["token.provider.example"] : [];
  const answer = (texts: string[] | "silent") =>
    texts === "silent" ? silent : { ...(texts.length === 0 ? nothing : found(...texts)), cnames };
  const seen = { addresses: [], durationMs: 1 };
  const certificate = { notAfter: new Date("2027-01-01"), issuer: "CA" };
  const isFile = file.includes("\n");
  const fetched = isFile
    ? {
        found: {
          ...seen,
          body: file,
          headers: {},
          contentType: "text/plain",
          tlsVersion: "TLSv1.3",
          certificate,
        },
      }
    : { ...seen, missing: file, detail: "No answer", certificate: undefined };
  const record = judgeStsRecord("_mta-sts.example.com", answer(sts));
  const tlsRpt = judgeTlsRptRecord("_smtp._tls.example.com", answer(rpt));
  const policy = judgePolicy(fetched as unknown as Parameters<typeof judgePolicy>[0], now);
  const probe = { missing: "timeout", detail: "" } as unknown as Parameters<typeof judgeMxHost>[1]["probe"];
  const every = { addresses: [], otherKey: undefined };
  const hosts = mx.map((mxHost) =>
    judgeMxHost({ mxHost, preference: 10 }, { probe, every, alias: undefined }, nothing, policy.policy.read),
  );
  const parts = [record, policy, tlsRpt, ...hosts];
  return listRecordsToPublish({
    domain: "example.com",
    checkedAt: now,
    record: record.record,
    policy: policy.policy,
    tlsRpt: tlsRpt.record,
    mx: hosts.map((host) => host.mx),
    findings: [...parts.flatMap(({ findings }) => findings), ...more],
  });
}

const STS_LINE = '_mta-sts.example.com. IN TXT "v=STSv1; id=20260301T1200000000;"';
const RPT_LINE = '_smtp._tls.example.com. IN TXT "v=TLSRPTv1; rua=mailto:tls-reports@example.com"';
const policyOf = (mode: string, ...mx: string[]) =>
  `version: STSv1\r\nmode: ${mode}\r\n${mx.map((one) => `mx: ${one}\r\n`).join("")}max_age: 604800\r\n`;

test.each<[string, Case, string[], string | undefined]>([
  ["a good set-up", {}, [], undefined],
  ["a reports record that is missing", { rpt: [] }, [RPT_LINE], undefined],
  [
    "nothing set up",
    { sts: [], rpt: [], file: "no-domain" },
    [STS_LINE, RPT_LINE],
    policyOf("testing", "mx1.example.com"),
  ],
  ["a policy without a record", { sts: [] }, [STS_LINE], undefined],
  ["two records", { sts: ["v=STSv1; id=1;", "v=STSv1; id=2;"] }, [STS_LINE], undefined],
  ["a misspelt record", { sts: ["v=STSV1; id=1;"] }, [STS_LINE], undefined],
  [
    "a host the policy lacks",
    { mx: ["mx1.example.com", "mx2.example.com"] },
    [STS_LINE],
    policyOf("enforce", "mx1.example.com", "mx2.example.com"),
  ],
  ["a host that no CA can name", { mx: ["mx1.example.com", "_dc-mx.example.com"] }, [], undefined],
  [
    "only a host that no CA can name",
    { sts: [], file: "no-domain", mx: ["_dc-mx.example.com"] },
    [],
    undefined,
  ],
  [
    "a policy without a mode",
    { file: GOOD.replace("mode: enforce\r\n", "") },
    [STS_LINE],
    policyOf("testing", "mx1.example.com"),
  ],
  [
    "a max_age that large senders ignore",
    { file: GOOD.replace("604800", "600") },
    [STS_LINE],
    policyOf("enforce", "mx1.example.com"),
  ],
  [
    "a policy in mode none",
    { file: GOOD.replace("enforce", "none").replace("604800", "600"), mx: ["mx2.example.com"] },
    [],
    undefined,
  ],
  ["DNS that does not answer", { sts: "silent", rpt: "silent", file: "timeout" }, [], undefined],
  [
    "MX records that are unknown",
    { sts: [], file: "no-domain", mx: [], more: [findingOf("mx-dns-failed", "")] },
    [],
    undefined,
  ],
  [
    "more MX hosts than were seen",
    { mx: ["mx1.example.com", "mx2.example.com"], more: [findingOf("mx-many", "")] },
    [],
    undefined,
  ],
  [
    "names that a provider is to answer, and does not yet",
    { isDelegated: true, sts: [], rpt: [], file: "no-domain" },
    [],
    undefined,
  ],
  [
    "a host that a provider's policy lacks",
    { isDelegated: true, mx: ["mx1.example.com", "mx2.example.com"] },
    [],
    policyOf("enforce", "mx1.example.com", "mx2.example.com"),
  ],
  [
    "a domain that takes no mail",
    { sts: [], rpt: [], file: "no-domain", mx: [], more: [findingOf("mx-null", "")] },
    [],
    undefined,
  ],
  [
    "a domain that does not exist",
    { sts: [], rpt: [], file: "no-domain", mx: [], more: [findingOf("domain-missing", "")] },
    [],
    undefined,
  ],
])("the lines to publish for %s", (_, given, lines, file) => {
  const { records, policy } = propose(given);
  expect(records.map(({ line }) => line)).toEqual(lines);
  expect(policy?.body).toBe(file);
  if (policy) expect(parsePolicy(policy.body)).toMatchObject({ ok: true });
});

test("RFC 1035 §3.3.14: a record above 255 bytes is written as several strings, without loss", () => {
  const rua = [..."abcdefgh"].map((one) => `mailto:${one.repeat(40)}@example.com`).join(",");
  const [record] = propose({ rpt: [`v=TLSRPTv1 ; rua=${rua}`] }).records;
  const strings = record?.line.match(/"[^"]*"/g) ?? [];
  expect(record?.value).toBe(`v=TLSRPTv1; rua=${rua}`);
  expect(strings.length).toBe(2);
  expect(strings.map((text) => text.slice(1, -1)).join("")).toBe(record?.value);
});
