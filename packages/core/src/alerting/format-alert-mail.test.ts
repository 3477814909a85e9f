import { expect, test } from "vitest";
import { type AlertMessage, listDomains, subjectOf } from "./alert-message.ts";
import { channelConfirmationMail, formatAlertMail, type MailFrame } from "./format-alert-mail.ts";

const MESSAGE: AlertMessage = {
  ...{ id: "n1", kind: "opened", incidentId: "i1", severity: "critical", condition: "cname.missing" },
  ...{
    title: "example.com: the DNS record is missing",
    text: "The CNAME is gone.",
    action: "You: publish it.",
  },
  ...{ domains: [{ id: "d1", domain: "example.com", customer: null }], domainCount: 1 },
  ...{ openedAt: new Date("2026-03-10T09:00:00Z"), resolvedAt: null, note: null },
  url: "https://waxseal.example/a/x/alerts/i1",
};
const FRAME: MailFrame = {
  ...{ to: "owner@example.net", mailDomain: "waxseal.example", accountName: "Rivers" },
  unsubscribeUrl: "https://waxseal.example/stop/t?a=1&b=2",
};
const mail = (message: Partial<AlertMessage> = {}, frame: Partial<MailFrame> = {}) =>
  formatAlertMail({ ...MESSAGE, ...message }, { ...FRAME, ...frame });

test("text and HTML say the same: what is wrong, what to do, where, since when", () => {
  const { text = "", html = "" } = mail();
  for (const part of [
    "The CNAME is gone.",
    "Action needed. You: publish it.",
    "Domain: example.com",
    MESSAGE.url,
  ]) {
    expect(text).toContain(part);
    expect(html).toContain(part);
  }
  expect(text).toMatch(/Seen since 10 Mar 2026/);
  expect(text).not.toMatch(/2026-03-10|T09|undefined|null/);
});

test("all mails of an incident are in one thread, and one about none is in none", () => {
  const thread = "<incident.i1@waxseal.example>";
  for (const kind of ["opened", "reminder", "resolved"] as const)
    expect(mail({ kind }).headers).toMatchObject({ References: thread, "In-Reply-To": thread });
  expect(Object.keys(mail({ incidentId: null }).headers ?? {})).not.toContain("References");
});

test("RFC 8058 §3.1: a mail to a person can be stopped by one click, one to a shared address cannot", () => {
  expect(mail().headers).toMatchObject({
    "List-Unsubscribe": `<${FRAME.unsubscribeUrl}>`,
    "List-Unsubscribe-Post": "List-Unsubscribe=One-Click",
  });
  const shared = mail({}, { unsubscribeUrl: null });
  expect(Object.keys(shared.headers ?? {}).filter((name) => /unsubscribe/i.test(name))).toEqual([]);
  expect(`${shared.text}${shared.html}`).not.toMatch(/Stop these mails/);
});

test("RFC 3834 §5, RFC 8689 §5: it says that no person wrote it, and that it may travel without TLS", () => {
  expect(mail().headers).toMatchObject({ "Auto-Submitted": "auto-generated", "TLS-Required": "No" });
});

test("nothing a person or a stranger wrote becomes HTML or a header line", () => {
  const evil = '<img src=x onerror="a()">\r\nBcc: evil@example.org';
  const {
    subject,
    html = "",
    text = "",
  } = mail(
    { title: evil, text: evil, note: evil, domains: [{ id: "d", domain: evil, customer: evil }] },
    { accountName: evil },
  );
  expect(subject).not.toMatch(/[\r\n]/);
  expect(html).not.toContain("<img");
  expect(text).toContain("Note of your team: <img");
});

test("the end says from when to when it lasted, and asks for nothing", () => {
  const resolvedAt = new Date("2026-03-11T10:30:00Z");
  const { text = "", subject } = mail({ kind: "resolved", resolvedAt, action: null });
  expect(text).toMatch(/It lasted from 10 Mar 2026.* to 11 Mar 2026/);
  expect(text).not.toContain("Action needed");
  expect(subject).toMatch(/^Resolved: /);
});

test.each([
  ["opened", ""],
  ["resolved", "Resolved: "],
  ["reminder", "Still open: "],
  ["worse", "Worse now: "],
  ["changed", "More domains: "],
] as const)("the subject of a message of kind %s begins with %j", (kind, prefix) => {
  expect(subjectOf({ kind, title: "T" })).toBe(`${prefix}T`);
});

test("many domains are named up to a limit, the others counted, and customers named beside theirs", () => {
  const domains = Array.from({ length: 50 }, (_, n) => ({
    ...{ id: `d${n}`, domain: `d${n}.example`, customer: n === 0 ? "Brook" : null },
  }));
  const message = { ...MESSAGE, domains, domainCount: 120 };
  expect(listDomains(message, 2)).toBe("d0.example (Brook), d1.example and 118 more");
  expect(listDomains({ ...message, domains: domains.slice(0, 2), domainCount: 2 }, 2)).toBe(
    "d0.example (Brook), d1.example",
  );
  const { text = "" } = mail({ domains, domainCount: 120 });
  expect(text).toMatch(/Domains: d0\.example \(Brook\), .* and 80 more/);
  expect(text).not.toContain("d40.example");
});

test("a message about no domain has no line of domains", () => {
  expect(mail({ domains: [], domainCount: 0 }).text).not.toMatch(/Domains?:/);
});

test("the question whether an address takes alerts names the account and can be ignored", () => {
  const url = "https://waxseal.example/confirm/t";
  const asked = channelConfirmationMail("a@example.org", { url, accountName: "Riv\r\ners <b>" });
  expect(asked.to).toBe("a@example.org");
  expect(asked.text).toContain(url);
  expect(asked.text).toMatch(/ignore this mail/);
  expect(asked.html).not.toContain("<b>");
});
