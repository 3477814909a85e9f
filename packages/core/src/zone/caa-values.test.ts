import { expect, test } from "vitest";
import { caaValues } from "./caa-values.ts";

const account = (id: string, ...caaIdentities: string[]) => ({
  accountUrl: `https://${id}/acct/1`,
  caaIdentities,
});
const values = (...args: Parameters<typeof caaValues>) =>
  caaValues(...args).map(({ tag, value }) => `${tag} ${value}`);

test("RFC 8659 §4.2: a CA without an account of ours is named as a whole, and no CA may issue wildcards", () => {
  expect(values(["ca.example"], [])).toEqual(["issue ca.example", "issuewild ;"]);
});

test("RFC 8657 §3, §4: a CA that checks accounts is named with ours and with http-01, never as a whole beside it", () => {
  expect(values(["ca.example", "other.example"], [account("a", "ca.example")])).toEqual([
    "issue ca.example; accounturi=https://a/acct/1; validationmethods=http-01",
    "issue other.example",
    "issuewild ;",
  ]);
});

test("RFC 8657 §3: two accounts at one CA (production and staging) have a property each, in an order that does not change", () => {
  const two = [account("b", "ca.example"), account("a", "ca.example")];
  const wanted = [
    "issue ca.example; accounturi=https://a/acct/1; validationmethods=http-01",
    "issue ca.example; accounturi=https://b/acct/1; validationmethods=http-01",
    "issuewild ;",
  ];
  expect(values(["ca.example"], two)).toEqual(wanted);
  expect(values(["ca.example"], two.toReversed())).toEqual(wanted);
});

test("RFC 8657 §3: a CA with several names is bound under each that is configured, and under no other", () => {
  const found = values(
    ["ca.example", "sub-ca.example"],
    [account("a", "ca.example", "sub-ca.example", "third.example")],
  );
  expect(found).toEqual([
    "issue ca.example; accounturi=https://a/acct/1; validationmethods=http-01",
    "issue sub-ca.example; accounturi=https://a/acct/1; validationmethods=http-01",
    "issuewild ;",
  ]);
});

test("an account of a CA that is not configured is not named, and without CAs there is no set at all", () => {
  expect(values(["ca.example"], [account("a", "old.example")])).toEqual(["issue ca.example", "issuewild ;"]);
  expect(values([], [account("a", "ca.example")])).toEqual([]);
});
