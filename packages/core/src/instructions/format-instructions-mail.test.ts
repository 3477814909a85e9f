import { shadesOf } from "@waxseal/contract/brand-color";
import { expect, test } from "vitest";
import type { MailBrand } from "../mail/mail-brand.ts";
import { formatInstructionsMail } from "./format-instructions-mail.ts";

const record = (kind: "policyHost" | "stsRecord" | "tlsRptRecord", name: string) => ({
  kind,
  type: "CNAME" as const,
  name,
  target: `token.${name.split(".")[0]}.hosted.example`,
  state: "missing" as const,
  seen: null,
  misplaced: null,
  misdirected: null,
  purpose: "",
  checkedAt: null,
  correctSince: null,
});
const item = (domain: string) => ({
  domain,
  setup: [record("policyHost", `mta-sts.${domain}`), record("stsRecord", `_mta-sts.${domain}`)],
});
const mail = (items: ReturnType<typeof item>[], brand = { name: "Bakers", logo: null }, face?: MailBrand) =>
  formatInstructionsMail({
    to: "dns@customer.example",
    replyTo: "anna@provider.example",
    url: "https://waxseal.example/instructions/token",
    expiresAt: new Date("2026-03-01T00:00:00Z"),
    instructions: {
      from: { name: "Bakers", hasLogo: false, colors: null },
      subject: "Customer",
      only: "missing",
      domains: items.length,
      incomplete: items.length,
      items,
      nextCursor: null,
    },
    ...{ brand, face },
  });

test("text and HTML carry every record, the link, and until when it works", () => {
  const { subject, text, html, replyTo } = mail([item("one.example")]);
  expect([subject, replyTo]).toEqual(["DNS records for one.example, from Bakers", "anna@provider.example"]);
  for (const body of [text, html]) {
    expect(body).toContain("mta-sts.one.example");
    expect(body).toContain("token._mta-sts.hosted.example");
    expect(body).toContain("https://waxseal.example/instructions/token");
    expect(body).toContain("1 Mar 2026");
  }
});

test("a mail about more than 25 domains says how many more the page shows", () => {
  const { subject, text } = mail(Array.from({ length: 40 }, (_, n) => item(`d${n}.example`)));
  expect(subject).toBe("DNS records for 40 domains, from Bakers");
  expect(text).toContain("15 more domains are on the page.");
  expect(text).not.toContain("d25.example");
});

test("a name stays text: no line of a header, no tag", () => {
  const name = 'A\r\nBcc: x@y.example <img src="x">';
  const { subject, html } = mail([item("one.example")], { name, logo: null });
  expect(subject).not.toMatch(/[\r\n]/);
  expect(html).not.toContain("<img");
});

test("a brand's sender name is the sender, and its colour that of links and buttons, light and dark", () => {
  const shades = shadesOf("#ffd400");
  const face = { name: "Bakers", shades, senderName: "Bakers Mail" };
  const { html, fromName } = mail([item("one.example")], undefined, face);
  expect(fromName).toBe("Bakers Mail");
  expect(html).toContain(`background:${shades.light.accent};`);
  expect(html).toContain(`.card .button { background: ${shades.dark.accent} !important }`);
  expect(html).not.toMatch(/#1f5fbf|#6aa5f8/);
});
