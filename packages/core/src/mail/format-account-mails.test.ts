import { expect, test } from "vitest";
import {
  alreadyRegisteredMail,
  invitationMail,
  passwordResetMail,
  verificationMail,
} from "./format-account-mails.ts";

const URL = "https://waxseal.example/api/auth/verify-email?token=abc&callbackURL=%2F";
const ESCAPED = URL.replace("&", "&#38;");

const INVITED = {
  url: URL,
  accountName: "Bakers",
  role: "editor",
  expiresAt: "2026-12-06T09:00:00.000Z",
} as const;

const MAILS = [
  ["verification", verificationMail("a@b.example", URL)],
  ["reset", passwordResetMail("a@b.example", URL)],
  ["invitation", invitationMail("a@b.example", { ...INVITED, inviter: "Ada (ada@b.example)" })],
] as const;

test.each(MAILS)(
  "%s: HTML says what the text says, with the address as a button and in full",
  (_name, mail) => {
    const [first = "", link, ...rest] = mail.text.trimEnd().split("\n\n");
    expect(link).toBe(URL);
    for (const words of [first, ...rest]) expect(mail.html).toContain(`>${words}</p>`);
    expect(mail.html.split(`href="${ESCAPED}"`)).toHaveLength(3);
    expect(mail.html).toContain(`>${ESCAPED}</a>`);
  },
);

test("an invitation names the account, the role, the inviter and the last day", () => {
  const { subject, text } = invitationMail("a@b.example", { ...INVITED, inviter: "Ada (ada@b.example)" });
  expect(subject).toBe("Invitation to Bakers on Waxseal");
  expect(text).toContain(
    "Ada (ada@b.example) invites you to look after the domains of Bakers as editor (domains, policies and reports).",
  );
  expect(text).toContain("until 6 Dec 2026, 09:00 UTC, for a@b.example only");
  expect(invitationMail("a@b.example", { ...INVITED, inviter: null }).text).toContain("Bakers invites you");
});

test("a person with a sign-in is sent to the sign-in page", () => {
  expect(alreadyRegisteredMail("a@b.example", "https://waxseal.example").html).toContain(
    'href="https://waxseal.example/sign-in"',
  );
});

test("an account's name stays text: no line of a header, no tag", () => {
  const { subject, html } = invitationMail("a@b.example", {
    ...INVITED,
    accountName: 'A\r\nBcc: x@y.example <img src="x">',
    inviter: "Ada <b>",
  });
  expect(subject).not.toMatch(/[\r\n]/);
  expect(html).not.toContain("<img");
});
