import { expect, test } from "vitest";
import { findRecordFault, nameForForm } from "./find-record-fault.ts";

const target = "abc.mta-sts.hosted.example";
type Seen = Partial<Parameters<typeof findRecordFault>[0]>;

test.each<[string, Seen, string, string | undefined]>([
  ["correct", { state: "correct" }, "other", undefined],
  ["not there yet", { state: "missing" }, "other", undefined],
  [
    "at the name with the zone twice",
    { state: "missing", misplaced: "a.example.a.example" },
    "other",
    "misplaced",
  ],
  [
    "with a target that got the zone added",
    { state: "wrong", seen: `CNAME ${target}.a.example` },
    "other",
    "longTarget",
  ],
  [
    "behind Cloudflare's proxy",
    { state: "wrong", seen: "A 192.0.2.1, AAAA 2001:db8::1" },
    "cloudflare",
    "proxied",
  ],
  [
    "of another token of ours",
    { state: "wrong", seen: "CNAME other.mta-sts.hosted.example", misdirected: "otherToken" },
    "cloudflare",
    "otherToken",
  ],
  ["an address elsewhere", { state: "wrong", seen: "A 192.0.2.1" }, "godaddy", "wrong"],
  ["a text at Cloudflare", { state: "wrong", seen: 'TXT "v=STSv1; id=1;"' }, "cloudflare", "wrong"],
  ["not to be looked up", { state: "unreachable" }, "other", "unreachable"],
])("a record that is %s is recognised", (_, seen, providerId, fault) => {
  expect(
    findRecordFault(
      { state: "missing", seen: null, misplaced: null, misdirected: null, target, ...seen },
      providerId,
    ),
  ).toBe(fault);
});

test.each([
  ["mta-sts.a.example", "mta-sts.a.example.a.example", "a.example", "mta-sts"],
  ["mta-sts.m.a.example", "mta-sts.m.a.example.a.example", "a.example", "mta-sts.m"],
  ["mta-sts.m.a.example", "mta-sts.a.example", "a.example", "mta-sts.m"],
  ["mta-sts.a.example", null, "other.example", "mta-sts.a.example"],
])("%s found at %s is to be typed without what the form adds", (name, misplaced, zone, typed) => {
  expect(nameForForm({ name, misplaced }, zone)).toBe(typed);
});
