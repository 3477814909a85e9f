import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { createTransport } from "nodemailer";
import { afterEach, beforeEach, expect, test } from "vitest";
import { type MailCatcher, startMailCatcher } from "./start-mail-catcher.ts";

let dir: string;
let catcher: MailCatcher;

beforeEach(async () => {
  dir = await mkdtemp(join(tmpdir(), "waxseal-sandbox-"));
  catcher = await startMailCatcher({ smtpPort: 0, httpPort: 0, dataDir: dir });
});
afterEach(async () => {
  await catcher.stop();
  await rm(dir, { recursive: true, force: true });
});

const send = (mail: { to: string; subject: string; text?: string; html?: string }) =>
  createTransport(catcher.smtpUrl).sendMail({ from: "waxseal@hosted.example", ...mail });
const get = (path: string) => fetch(new URL(path, catcher.inboxUrl));

test("a verification mail is found by its recipient, with the link to follow", async () => {
  await send({
    to: "Ada@Bakery.example",
    subject: "Verify",
    text: "Go to http://127.0.0.1:3000/verify?token=a&x=1.",
  });
  await send({ to: "bob@bakery.example", subject: "Other", text: "no link" });

  const mails = await (await get("/mails?to=ada@bakery.example")).json();
  expect(mails).toMatchObject([
    {
      subject: "Verify",
      from: "waxseal@hosted.example",
      links: ["http://127.0.0.1:3000/verify?token=a&x=1"],
    },
  ]);
  expect(await (await get(`/mails/${mails[0].id}`)).json()).toEqual(mails[0]);
  expect((await get("/mails/none")).status).toBe(404);
  expect(await (await get("/mails")).json()).toHaveLength(2);
});

test("the inbox says that it is the sandbox's, and markup in a mail stays text there and runs nowhere", async () => {
  await send({
    to: "ada@bakery.example",
    subject: "<script>alert(1)</script>",
    html: "<b>Hi</b><script>alert(2)</script>",
  });
  const inbox = await get("/");
  const html = await inbox.text();
  expect(html).toContain("Sandbox mail");
  expect(html).toContain("&lt;script&gt;alert(1)");
  expect(html).not.toContain("<script>");
  const [mail] = catcher.mails.list();
  const shown = await get(`/mails/${mail?.id}/html`);
  expect(await shown.text()).toContain("<b>Hi</b>");
  expect(shown.headers.get("content-security-policy")).toMatch(/default-src 'none'/);
});

test.each([
  [
    "a whole document",
    '<!doctype html><html><head><title>x</title></head><body><a href="http://a.example/">a</a></body></html>',
  ],
  ["a fragment", '<p>Hi</p><a href="http://a.example/">a</a>'],
  [
    "links with targets of their own",
    '<base href="/x" target=_self><a title="a > b" target="_self" href="http://a.example/">a</a>',
  ],
])("the links of %s open at the top, not inside the framed mail", async (_kind, html) => {
  await send({ to: "ada@bakery.example", subject: "links", html });
  const [mail] = catcher.mails.list();
  const shown = await (await get(`/mails/${mail?.id}/html`)).text();
  expect(shown.match(/target\s*=\s*"?\w+/g)).toEqual(['target="_top']);
  expect(shown.indexOf("<base")).toBeLessThan(shown.indexOf("<a "));
  expect(shown).toContain('href="http://a.example/"');
});

test("the newest 200 are kept, also over a restart", async () => {
  for (let at = 1; at <= 202; at += 1) {
    const envelope = { from: "a@hosted.example", to: ["b@bakery.example"] };
    await catcher.mails.add(envelope, Buffer.from(`Subject: number ${at}\r\n\r\nx\r\n`), new Date());
  }
  await catcher.stop();
  catcher = await startMailCatcher({ smtpPort: 0, httpPort: 0, dataDir: dir });
  const mails = catcher.mails.list();
  expect([mails.length, mails[0]?.subject, mails.at(-1)?.subject]).toEqual([200, "number 202", "number 3"]);
});

test("a mail larger than 5 MiB is refused and the catcher goes on", async () => {
  await expect(send({ to: "a@b.example", subject: "big", text: "x".repeat(6_000_000) })).rejects.toThrow();
  await send({ to: "a@b.example", subject: "small", text: "x" });
  expect(catcher.mails.list().map(({ subject }) => subject)).toEqual(["small"]);
});
