import { expect, test } from "vitest";
import { findPasswordProblem } from "./password-rule.ts";

test.each([
  "short",
  "1234567890",
  "1q2w3e4r5t",
  "Password2024!",
  "DRAGON1234567",
  "aaaaaaaaaaaa",
  "ada.lovelace1",
  "Ada.Lovelace@example.com",
  "x".repeat(129),
])("NIST SP 800-63B §5.1.1.2: a password that is guessed first is refused: %s", async (password) => {
  expect(await findPasswordProblem(password, "ada.lovelace@example.com")).toEqual(expect.any(String));
});

test.each(["correct horse battery", "a long enough password", "päßwörter sind lang", "7Hb!kq0-zzTm"])(
  "a long password that no list holds is let through: %s",
  async (password) => {
    expect(await findPasswordProblem(password, "ada@example.com")).toBeUndefined();
  },
);
