import type { InstructionsView } from "@waxseal/contract";
import { formatDay } from "@waxseal/contract/format-instant";
import type { z } from "zod";
import type { Brand } from "../brand/get-brand.ts";
import type { Mail } from "../mail/create-mailer.ts";
import { escapeHtml, formatMailHtml, mailButton, mailParagraph, oneLine } from "../mail/format-mail-html.ts";
import { faceOf, type MailBrand } from "../mail/mail-brand.ts";

type View = z.infer<typeof InstructionsView>;

type Input = {
  to: string;
  replyTo: string | undefined;
  url: string;
  expiresAt: Date;
  instructions: Omit<View, "items"> & { items: readonly Pick<View["items"][number], "domain" | "setup">[] };
  brand: Pick<Brand, "name" | "logo">;
  /** Its colours and sender name; unset: ours. */
  face?: MailBrand | undefined;
};

const SHOWN_DOMAINS = 25;

/** The CNAMEs of up to 25 domains, and the link to the page that has them all and their state. */
export function formatInstructionsMail({ instructions, brand, ...input }: Input): Mail {
  const name = oneLine(brand.name);
  const { shades, sender } = faceOf(input.face);
  const shown = instructions.items.slice(0, SHOWN_DOMAINS);
  const listed = instructions.only === "missing" ? instructions.incomplete : instructions.domains;
  const left = listed - shown.length;
  const [only] = listed === 1 ? shown : [];
  const what = only ? only.domain : `${listed} domains`;
  const subject = `DNS records for ${what}, from ${name}`;
  const lead =
    listed === 0
      ? `${name} looks after the mail security of your domains. Nothing has to be done at the moment.`
      : `${name} asks you to publish these CNAME records where the DNS of ${only ? what : "your domains"} is managed. Once is enough.`;
  const more = left > 0 ? `${left} more ${left === 1 ? "domain is" : "domains are"} on the page.` : "";
  const until = `This page shows every record and whether it is there yet. It needs no sign-in and works until ${formatDay(input.expiresAt)}:`;
  const foot = `Sent for ${name} by Waxseal.${input.replyTo ? " Replies go to the sender." : ""}`;
  return {
    ...{ to: input.to, ...sender },
    ...(input.replyTo && { replyTo: input.replyTo }),
    subject,
    text: [lead, ...shown.map(formatText), more, until, input.url, foot]
      .filter(Boolean)
      .join("\n\n")
      .concat("\n"),
    html: formatMailHtml({
      ...{ title: subject, shades },
      head: brand.logo
        ? `<img src="cid:${LOGO_ID}" alt="${escapeHtml(name)}" style="max-height:48px;max-width:240px">`
        : escapeHtml(name),
      blocks: [
        mailParagraph(lead),
        ...shown.map(formatHtml),
        ...(more ? [mailParagraph(more)] : []),
        mailParagraph(until),
        mailButton({ url: input.url, label: "Open the page" }, shades),
      ],
      foot: escapeHtml(foot),
    }),
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
  const records = setup.map(
    ({ name, target, state }) =>
      `${row("Name", code(name))}${row("Type", "CNAME")}${row("Target", code(target) + escapeHtml(noteState(state)), true)}`,
  );
  return `<h2 style="margin:0 0 8px;font-size:16px;color:#171b22">${escapeHtml(domain)}</h2>
<table width="100%" cellpadding="0" cellspacing="0" style="margin:0 0 20px;border-collapse:collapse">
${records.join("\n")}
</table>`;
}

/** A name beside its value: three columns do not fit a telephone. */
function row(name: string, value: string, isLast = false): string {
  const line = isLast ? "padding:2px 8px 10px 0;border-bottom:1px solid #dde1e7" : "padding:2px 8px 2px 0";
  return `<tr><th align="left" valign="top" width="56" class="soft" style="${line};font-size:13px;font-weight:400;color:#4a5361">${name}</th><td style="${line};font-size:14px;color:#171b22">${value}</td></tr>`;
}

function noteState(state: Item["setup"][number]["state"]): string {
  if (state === "correct") return " (is there already)";
  return state === "wrong" ? " (in place of what is there)" : "";
}

function code(text: string): string {
  return `<code>${escapeHtml(text)}</code>`;
}
