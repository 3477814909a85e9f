import { expect, test } from "vitest";
import { describeSignInRefusal } from "./sign-in-words.ts";

test.each<[status: number, problem: { code?: string; message?: string }, sentence: RegExp]>([
  // A wrong password does not say which of the two was wrong.
  [
    401,
    { code: "INVALID_EMAIL_OR_PASSWORD", message: "Invalid" },
    /^The email address or password is wrong\.$/,
  ],
  [400, { code: "PASSWORD_TOO_COMMON", message: "Choose a less common password." }, /^Choose a less/],
  [400, { code: "VALIDATION_ERROR", message: "[body.callbackURL] Invalid input" }, /^This was refused\./],
  [403, { code: "MISSING_OR_NULL_ORIGIN", message: "Missing or null Origin" }, /^This was refused\./],
  [429, { message: "Too many requests" }, /too often/],
  [500, { code: "FAILED_TO_CREATE_SESSION", message: "Failed to create session" }, /on our side/],
  [502, {}, /on our side/],
  [401, { code: "toString" }, /^This was refused\./],
])("HTTP %i %j reads as a sentence for people", (status, problem, sentence) => {
  expect(describeSignInRefusal(status, problem)).toMatch(sentence);
});
