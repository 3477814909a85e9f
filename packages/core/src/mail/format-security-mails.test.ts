import { expect, test } from "vitest";
import { invitationMail } from "./format-account-mails.ts";
import {
  emailChangeMail,
  securityMail,
  twoFactorResetAskedMail,
  twoFactorResetMail,
} from "./format-security-mails.ts";

const publicUrl = "https://waxseal.example";
const effectiveAt = "2026-12-06T09:00:00.000Z";
/** The longest address that SMTP carries. RFC 5321 §4.5.3.1 */
const LONGEST = `${"a".repeat(64)}@${["b".repeat(63), "c".repeat(63), "d".repeat(53), "example"].join(".")}`;
const OTHER = `z${LONGEST.slice(1)}`;
const by = `${"N".repeat(100)} (${LONGEST})`;

test.each([
  [
    "a change of address",
    securityMail("a@b.example", {
      ...{
        text: `The address of your sign-in was changed from ${LONGEST} to ${OTHER}.`,
        at: effectiveAt,
        publicUrl,
      },
    }),
    [LONGEST, OTHER],
  ],
  [
    "the link for a change of address",
    emailChangeMail(LONGEST, { before: LONGEST, after: OTHER, url: publicUrl }),
    [LONGEST, OTHER],
  ],
  ["a reset", twoFactorResetMail("a@b.example", { by, effectiveAt, publicUrl }), [by]],
  [
    "a reset one asked for",
    twoFactorResetAskedMail("a@b.example", { email: LONGEST, effectiveAt, publicUrl }),
    [LONGEST],
  ],
  [
    "an invitation",
    invitationMail("a@b.example", {
      ...{
        url: publicUrl,
        accountName: "N".repeat(100),
        inviter: by,
        role: "viewer",
        expiresAt: effectiveAt,
      },
    }),
    [by, "N".repeat(100)],
  ],
] as const)(
  "a mail about %s names the longest names and addresses whole, as text and HTML",
  (_, mail, words) => {
    expect(LONGEST).toHaveLength(254);
    for (const word of words) {
      expect(mail.text).toContain(word);
      expect(mail.html).toContain(word);
    }
  },
);

test("names with line breaks and astral characters stay on one line of the subject, cut between characters", () => {
  const email = `a\r\nBcc: x@y.example ${"🦭".repeat(300)}`;
  const { subject } = twoFactorResetAskedMail("a@b.example", { email, effectiveAt, publicUrl });
  expect(subject).not.toMatch(/[\r\n]/);
  expect(subject.isWellFormed()).toBe(true);
  expect(subject).toMatch(/🦭… will be reset$/u);
});
