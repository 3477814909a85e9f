import { expect, test } from "vitest";
import { newRowId } from "./new-row-id.ts";
import {
  findMisdirection,
  isToken,
  newToken,
  ownerName,
  parseTargetName,
  RECORD_KINDS,
  reportAddresses,
  reportsMxHost,
  targetName,
} from "./setup-names.ts";

const ZONE = "hosted.example";
const TOKEN = "abcdefgh234567xy";

test("RFC 8461 §3.1, RFC 8460 §3: owners publish at the names that senders look up", () => {
  expect(RECORD_KINDS.map((kind) => ownerName(kind, "example.com"))).toEqual([
    "mta-sts.example.com",
    "_mta-sts.example.com",
    "_smtp._tls.example.com",
  ]);
});

test("each target name leads back to its record and token, and to no other", () => {
  for (const kind of RECORD_KINDS)
    expect(parseTargetName(targetName(kind, TOKEN, ZONE), ZONE)).toEqual({ kind, token: TOKEN });
  expect(new Set(RECORD_KINDS.map((kind) => targetName(kind, TOKEN, ZONE))).size).toBe(3);
});

test.each([
  ["the zone itself", ZONE],
  ["a name without a token", `mta-sts.${ZONE}`],
  ["a token of another form", `short.mta-sts.${ZONE}`],
  ["a token in upper case", `${TOKEN.toUpperCase()}.mta-sts.${ZONE}`],
  ["a name below a target", `x.${TOKEN}.mta-sts.${ZONE}`],
  ["another zone", `${TOKEN}.mta-sts.other.example`],
  ["a zone that only ends alike", `${TOKEN}.mta-sts.not${ZONE}`],
  ["another label", `${TOKEN}._smtp._tls.${ZONE}`],
])("%s belongs to no token", (_name, name) => {
  expect(parseTargetName(name, ZONE)).toBeUndefined();
});

const wanted = { kind: "policyHost", token: TOKEN, hostedZone: ZONE } as const;

test.each([
  ["what is wanted is no misdirection", targetName("policyHost", TOKEN, ZONE), undefined],
  ["a target elsewhere is for the owner to know", "mta-sts.other.example", undefined],
  ["a zone that only ends alike lies elsewhere", `x.not${ZONE}`, undefined],
  ["the record of another name", targetName("stsRecord", TOKEN, ZONE), "otherRecord"],
  ["another domain's token", targetName("policyHost", "zzzzzzzzzzzzzzzz", ZONE), "otherToken"],
  ["another record under another token", targetName("stsRecord", "zzzzzzzzzzzzzzzz", ZONE), "otherToken"],
  ["the zone itself", ZONE, "unknownName"],
  ["a name that was never given out", `www.${ZONE}`, "unknownName"],
])("a CNAME that leads astray is explained: %s", (_name, found, misdirection) => {
  expect(findMisdirection(found, wanted)).toBe(misdirection);
});

test("tokens have their form, use every letter, and never come twice", () => {
  const tokens = Array.from({ length: 500 }, newToken);
  expect(tokens.every(isToken)).toBe(true);
  expect(new Set(tokens).size).toBe(500);
  expect(new Set(tokens.join("")).size).toBe(32);
});

test.each([
  "",
  "abcdefgh234567x",
  "abcdefgh234567xyz",
  "abcdefgh234567x1",
  "abcdefgh234567x0",
  "ABCDEFGH234567XY",
])("%s is no token", (text) => {
  expect(isToken(text)).toBe(false);
});

test("RFC 8460 §3: reports are asked for by mail first, and over HTTPS where there is a host for it", () => {
  expect(reportAddresses(TOKEN, { reportsDomain: "reports.example" })).toEqual([
    `mailto:${TOKEN}@reports.example`,
  ]);
  expect(reportAddresses(TOKEN, { reportsDomain: "reports.example", reportsHost: "in.example" })).toEqual([
    `mailto:${TOKEN}@reports.example`,
    `https://in.example/v1/tlsrpt/${TOKEN}`,
  ]);
  expect(reportsMxHost("reports.example")).toBe("mx.reports.example");
});

test("RFC 9562 §5.7: ids of rows are UUIDs of version 7, in the order of their time, and never the same", () => {
  const at = new Date("2026-03-10T12:00:00.123Z");
  const ids = Array.from({ length: 100 }, () => newRowId(at));
  for (const id of ids)
    expect(id).toMatch(/^[0-9a-f]{8}-[0-9a-f]{4}-7[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$/);
  expect(new Set(ids).size).toBe(100);
  expect(Number.parseInt((ids[0] ?? "").replace("-", "").slice(0, 12), 16)).toBe(at.getTime());
  const later = newRowId(new Date(at.getTime() + 1));
  expect(ids.every((id) => id < later)).toBe(true);
});
