import { readdirSync, readFileSync } from "node:fs";
import { TWO_FACTOR_ERROR_CODES } from "better-auth/plugins/two-factor";
import { expect, test } from "vitest";
import { tidyRecoveryCode } from "./guard-second-factor.ts";
import { OWN_REFUSALS, REFUSAL_WORDS, wordRefusals } from "./word-refusals.ts";

const answer = (status: number, body: unknown) => new Response(JSON.stringify(body), { status });
const said = async (status: number, body: unknown) =>
  Object(await (await wordRefusals(answer(status, body))).json()).message;

test("no sentence of the two-factor plugin reaches a person", async () => {
  for (const { code, message } of Object.values(TWO_FACTOR_ERROR_CODES)) {
    expect([code, await said(401, { code, message })]).not.toEqual([code, message]);
  }
});

test.each([
  [400, { message: "Failed to verify backup code. Please try again." }],
  [401, { message: "Unauthorized", code: "UNAUTHORIZED" }],
  [400, { message: "[body.email] Invalid input", code: "VALIDATION_ERROR" }],
  [403, { message: "Invalid origin", code: "INVALID_ORIGIN" }],
  [400, { message: "Invalid token", code: "INVALID_TOKEN" }],
  [404, { message: "Passkey not found", code: "PASSKEY_NOT_FOUND" }],
  [429, { message: "Too many requests. Please try again later." }],
])("%i %j is worded by us", async (status, body) => {
  const words = await said(status, body);
  expect(words).not.toBe(body.message);
  expect(words).toMatch(/^[A-Z].*\.$/);
});

test("a refusal of ours is passed on as it is", async () => {
  const body = { code: "CODE_USED_BEFORE", message: "This code was used already. Wait for the next one." };
  expect(await said(401, body)).toBe(body.message);
  expect(Object.keys(REFUSAL_WORDS).filter((code) => OWN_REFUSALS.includes(code))).toEqual([]);
});

test("every code that our own refusals use is on the list", () => {
  const folder = new URL(".", import.meta.url);
  const sources = readdirSync(folder).filter((name) => name.endsWith(".ts") && !name.endsWith(".test.ts"));
  const used = sources.flatMap((name) =>
    [...readFileSync(new URL(name, folder), "utf8").matchAll(/code: "([A-Z_]+)"/g)].map(([, code]) => code),
  );
  expect(used.length).toBeGreaterThan(10);
  expect([...new Set(used)].filter((code) => !OWN_REFUSALS.includes(code ?? ""))).toEqual([]);
});

test.each(["abCDe-12345", "abCDe12345", " abCDe 12345 ", "abCDe–12345"])(
  "a recovery code is taken as it is typed: %s",
  (typed) => {
    expect(tidyRecoveryCode(typed)).toBe("abCDe-12345");
  },
);
