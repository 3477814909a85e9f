import { expect, test } from "vitest";
import { openOnlyAllowed } from "./open-only-allowed.ts";

const { onRequest } = openOnlyAllowed("/api/auth");

/** The status of a refusal; undefined when the request goes on to the library. */
async function statusOf(method: string, path: string): Promise<number | undefined> {
  const answer = await onRequest(new Request(`https://waxseal.example${path}`, { method }));
  return answer?.response.status;
}

test.each([
  ["POST", "/api/auth/sign-in/email"],
  ["POST", "/api/auth/sign-in/email?x=1"],
  ["GET", "/api/auth/reset-password/AbC-_9"],
  ["GET", `/api/auth/reset-password/${"a".repeat(100)}`],
])("%s %s is open", async (method, path) => {
  expect(await statusOf(method, path)).toBeUndefined();
});

test.each([
  ["GET", "/api/auth/sign-in/email"],
  ["PUT", "/api/auth/sign-in/email"],
  ["XPOST", "/api/auth/sign-in/email"],
  ["POST", "/api/auth/sign-in/email/"],
  ["POST", "/api/auth/sign-in/emailx"],
  ["POST", "/api/auth/x/sign-in/email"],
  ["POST", "/api/auth//sign-in/email"],
  ["POST", "/api/auth/sign-in%2femail"],
  ["POST", "/api/auth/Sign-In/email"],
  ["POST", "/api/auth/sign-in/email;x"],
  ["POST", "/api/authx/sign-in/email"],
  ["POST", "/api/auth/admin/sign-out"],
  ["GET", "/api/auth/reset-password/"],
  ["GET", "/api/auth/reset-password/a/b"],
  ["GET", "/api/auth/reset-password/a%2Fb"],
  ["GET", `/api/auth/reset-password/${"a".repeat(101)}`],
  ["POST", "/api/auth/reset-password/a"],
  ["GET", "/api/auth/get-session"],
  ["POST", "/api/auth/delete-user"],
  ["GET", "/api/auth"],
  ["GET", "/api/auth/"],
])("%s %s is closed", async (method, path) => {
  expect(await statusOf(method, path)).toBe(404);
});

test("another spelling that a URL parser shortens is judged as the library will see it", async () => {
  expect(await statusOf("POST", "/api/auth/x/../sign-out")).toBeUndefined();
  expect(await statusOf("POST", "/api/auth/sign-out/../delete-user")).toBe(404);
});
