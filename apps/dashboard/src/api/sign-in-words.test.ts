import { expect, test } from "vitest";
import { describeSignInCode } from "./sign-in-words.ts";

test("a wrong password does not tell which of the two was wrong", () => {
  expect(describeSignInCode("INVALID_EMAIL_OR_PASSWORD")).toBe("The email address or password is wrong.");
});

test("codes that are not the library's have no sentence here, inherited names included", () => {
  for (const code of ["conflict", "toString", undefined]) expect(describeSignInCode(code)).toBeUndefined();
});
