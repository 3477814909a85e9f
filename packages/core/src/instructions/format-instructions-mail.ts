import type { InstructionsView } from "@waxseal/contract";
import type { z } from "zod";
import type { Mail } from "../sign-in/create-mailer.ts";
import { escapeHtml, oneLine } from "../sign-in/format-account-mails.ts";
import type { Brand } from "./get-brand.ts";

type Input = {
  to: string;
  replyTo: string | undefined;
  url: string;
  expiresAt: Date;
  instructions: z.infer<typeof InstructionsView>;
  brand: Brand;
};

const SHOWN_DOMAINS = 25;

/** The CNAMEs of up to 25 domains, and the link to the page that has them all and their state. */
export function formatInstructionsMail({ instructions, brand, ...input }: Input): Mail {
  const name = oneLine(brand.name);
  const shown = instructions.items.slice(0, SHOWN_DOMAINS);
  const listed = instructions.only === "missing" ? instructions.incomplete : instructions.domains;
  const left = listed - shown.length;
  const [only] = listed === 1 ? shown : [];
  const what = only ? only.domain : `${listed} domains`;
  const lead =
    listed === 0
      ? `${name} looks after the mail security of your domains. Nothing has to be done at the moment.`
      : `${name} asks you to publish these CNAME records where the DNS of ${only ? what : "your domains"} is managed. Once is enough.`;
  const more = left > 0 ? `${left} more ${left === 1 ? "domain is" : "domains are"} on the page.` : "";
  const until = `This page shows every record and whether it is there yet. It needs no sign-in and works until ${formatDay(input.expiresAt)}:`;
  const foot = `Sent for ${name} by Waxseal.${input.replyTo ? " Answers reach whoever sent it." : ""}`;
  return {
    to: input.to,
    ...(input.replyTo && { replyTo: input.replyTo }),
    subject: `DNS records for ${what}, from ${name}`,
    text: [lead, ...shown.map(formatText), more, until, input.url, foot]
      .filter(Boolean)
      .join("\n\n")
      .concat("\n"),
    html: page(
      [
        brand.logo
          ? `<p><img src="cid:${LOGO_ID}" alt="${escapeHtml(name)}" style="max-height:48px;max-width:240px"></p>`
          : "",
        paragraph(lead),
        ...shown.map(formatHtml),
        more && paragraph(more),
        paragraph(until),
        `<p><a href="${escapeHtml(input.url)}">Open the page</a></p>`,
        `<p style="color:#666;font-size:13px">${escapeHtml(foot)}</p>`,
      ].filter(Boolean),
    ),
    ...(brand.logo && { picture: { id: LOGO_ID, ...brand.logo } }),
  };
}

const LOGO_ID = "logo@waxseal";

type Item = Input["instructions"]["items"][number];

function formatText({ domain, setup }: Item): string {
  const records = setup.map(
    ({ name, target, state }) => `  ${name}\n    CNAME  ${target}${noteState(state)}`,
  );
  return [domain, ...records].join("\n");
}

function formatHtml({ domain, setup }: Item): string {
  const rows = setup.map(
    ({ name, target, state }) =>
      `<tr><td>${code(name)}</td><td>CNAME</td><td>${code(target)}${escapeHtml(noteState(state))}</td></tr>`,
  );
  return `<h3>${escapeHtml(domain)}</h3>
<table cellpadding="6" style="border-collapse:collapse" border="1"><tr><th align="left">Name</th><th align="left">Type</th><th align="left">Target</th></tr>
${rows.join("\n")}</table>`;
}

function noteState(state: Item["setup"][number]["state"]): string {
  if (state === "correct") return " (is there already)";
  return state === "wrong" ? " (in place of what is there)" : "";
}

function paragraph(text: string): string {
  return `<p>${escapeHtml(text)}</p>`;
}

function code(text: string): string {
  return `<code style="word-break:break-all">${escapeHtml(text)}</code>`;
}

function page(parts: readonly string[]): string {
  return `<!doctype html>\n<html lang="en"><body style="font-family:sans-serif">\n${parts.join("\n")}\n</body></html>\n`;
}

function formatDay(at: Date): string {
  return new Intl.DateTimeFormat("en-GB", {
    day: "numeric",
    month: "long",
    year: "numeric",
    timeZone: "UTC",
  }).format(at);
}
