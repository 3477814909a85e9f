import { expect, test } from "vitest";
import { readIssuer } from "./discover-provider.ts";

test.each([
  ["login.example.com", "https://login.example.com"],
  [" https://login.example.com/ ", "https://login.example.com"],
  ["https://login.example.com/.well-known/openid-configuration", "https://login.example.com"],
  [
    "login.example.com/realms/staff/.well-known/openid-configuration",
    "https://login.example.com/realms/staff",
  ],
  ["https://login.example.com/tenant/v2.0/", "https://login.example.com/tenant/v2.0"],
  ["http://login.example.com", undefined],
  ["https://login.example.com/?x=1", undefined],
  ["https://user@login.example.com", undefined],
  ["login", undefined],
  ["", undefined],
])("the issuer in %j is %s", (typed, issuer) => {
  expect(readIssuer(typed)).toBe(issuer);
});
