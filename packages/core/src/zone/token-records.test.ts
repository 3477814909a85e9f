import { describe, expect, test } from "vitest";
import type { HostingSettings } from "../hosting-settings.ts";
import { caaValues } from "./caa-values.ts";
import { tokenRecords } from "./token-records.ts";

const settings: HostingSettings = {
  hostedZone: "hosted.example",
  reportsDomain: "reports.example",
  reportsHost: "upload.example",
  policyAddresses: ["192.0.2.1", "2001:db8::1", "192.0.2.2"],
  nameservers: [],
  caaIdentities: ["ca1.example", "ca2.example"],
};
const answers = { token: "abcdefghijklmnop", publishedPolicyId: "id1" };
const records = (kind: Parameters<typeof tokenRecords>[0], changes: Partial<HostingSettings> = {}) => {
  const changed = { ...settings, ...changes };
  const sets = tokenRecords(kind, answers, changed, caaValues(changed.caaIdentities, []));
  return sets.map(({ name, type, values }) => ({ name, type, values }));
};

describe("policyHost", () => {
  const name = "abcdefghijklmnop.mta-sts.hosted.example";
  test("RFC 8659 §4.2: addresses by family, and a CAA set without wildcards", () => {
    expect(records("policyHost")).toEqual([
      { name, type: "A", values: ["192.0.2.1", "192.0.2.2"] },
      { name, type: "AAAA", values: ["2001:db8::1"] },
      {
        name,
        type: "CAA",
        values: [
          { flags: 0, tag: "issue", value: "ca1.example" },
          { flags: 0, tag: "issue", value: "ca2.example" },
          { flags: 0, tag: "issuewild", value: ";" },
        ],
      },
    ]);
  });
  test("without CA names there is no CAA set at all, which would forbid every CA", () => {
    expect(records("policyHost", { caaIdentities: [], policyAddresses: ["192.0.2.1"] })).toEqual([
      { name, type: "A", values: ["192.0.2.1"] },
    ]);
  });
});

describe("stsRecord", () => {
  test("RFC 8461 §3.1: the published id, exactly once", () => {
    const name = "abcdefghijklmnop._mta-sts.hosted.example";
    expect(records("stsRecord")).toEqual([{ name, type: "TXT", values: ["v=STSv1; id=id1;"] }]);
  });
  test("nothing before an id is published", () => {
    expect(tokenRecords("stsRecord", { ...answers, publishedPolicyId: undefined }, settings, [])).toEqual([]);
  });
});

test("RFC 8460 §3: report addresses, mail only when there is no upload host", () => {
  const name = "abcdefghijklmnop._smtp-tls.hosted.example";
  const mail = "v=TLSRPTv1; rua=mailto:abcdefghijklmnop@reports.example";
  const https = ",https://upload.example/v1/tlsrpt/abcdefghijklmnop";
  expect(records("tlsRptRecord")).toEqual([{ name, type: "TXT", values: [mail + https] }]);
  expect(records("tlsRptRecord", { reportsHost: undefined })).toEqual([
    { name, type: "TXT", values: [mail] },
  ]);
});
