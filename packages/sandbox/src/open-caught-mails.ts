import { randomUUID } from "node:crypto";
import { mkdir, readFile } from "node:fs/promises";
import { join } from "node:path";
import { simpleParser } from "mailparser";
import { z } from "zod";
import { writeFileAtomically } from "./write-file-atomically.ts";

const MAX_MAILS = 200;
const MAX_TEXT_LENGTH = 200_000;

const CaughtMail = z.object({
  id: z.string(),
  receivedAt: z.string(),
  from: z.string(),
  to: z.array(z.string()),
  subject: z.string(),
  text: z.string(),
  html: z.string().nullable(),
  /** Every http(s) address in the text, in order, without repeats: where a verification link is found. */
  links: z.array(z.string()),
});

/** A caught mail, as its reader would see it. `from` and `to` are those of the envelope. */
export type CaughtMail = z.infer<typeof CaughtMail>;

/** The newest 200 mails, newest first. */
export type CaughtMails = {
  list(to?: string): CaughtMail[];
  find(id: string): CaughtMail | undefined;
  add(envelope: { from: string; to: readonly string[] }, raw: Buffer, receivedAt: Date): Promise<CaughtMail>;
};

/** Opens the mails kept in `caught-mails.json`. @throws Error – the file exists and is not ours */
export async function openCaughtMails(dataDir: string): Promise<CaughtMails> {
  const file = join(dataDir, "caught-mails.json");
  await mkdir(dataDir, { recursive: true });
  const text = await readFile(file, "utf8").catch(() => "[]");
  let mails = z.array(CaughtMail).parse(JSON.parse(text));
  let lastWrite = Promise.resolve();
  return {
    list: (to) => (to === undefined ? mails : mails.filter((mail) => mail.to.includes(to.toLowerCase()))),
    find: (id) => mails.find((mail) => mail.id === id),
    async add(envelope, raw, receivedAt) {
      const parsed = await simpleParser(raw);
      const body = (parsed.text ?? "").slice(0, MAX_TEXT_LENGTH);
      const html = typeof parsed.html === "string" ? parsed.html.slice(0, MAX_TEXT_LENGTH) : null;
      const mail: CaughtMail = {
        id: randomUUID(),
        receivedAt: receivedAt.toISOString(),
        from: envelope.from,
        to: envelope.to.map((address) => address.toLowerCase()),
        subject: parsed.subject ?? "",
        text: body,
        html,
        links: listLinks(`${body}\n${html ?? ""}`),
      };
      mails = [mail, ...mails].slice(0, MAX_MAILS);
      const json = JSON.stringify(mails);
      lastWrite = lastWrite.catch(() => {}).then(() => writeFileAtomically(file, json));
      await lastWrite;
      return mail;
    },
  };
}

function listLinks(text: string): string[] {
  const found = text.match(/https?:\/\/[^\s"'<>\])]+/g) ?? [];
  return [...new Set(found.map((link) => link.replaceAll("&amp;", "&").replace(/[.,;:!?]+$/, "")))].slice(
    0,
    50,
  );
}
