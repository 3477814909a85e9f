import type { AccentShades, BrandShades } from "@waxseal/contract/brand-color";

/** A link that is the point of a mail. */
export type MailLink = { url: string; label: string };

type Accents = Record<"light" | "dark", Pick<AccentShades, "accent" | "onAccent">>;

const OWN: Accents = {
  light: { accent: "#1f5fbf", onAccent: "#ffffff" },
  dark: { accent: "#6aa5f8", onAccent: "#0b1220" },
};

// Mail programs drop what they do not know: colours are inline, and only the dark ones need a style sheet.
const formatStyle = ({ light, dark }: Accents) => `
a { color: ${light.accent} }
code { font-family: ui-monospace, Menlo, Consolas, monospace; font-size: 14px; word-break: break-all }
@media (prefers-color-scheme: dark) {
  .page { background: #0e1116 !important }
  .card { background: #151920 !important; border-color: #262d37 !important }
  .card, .card p, .card h1, .card h2, .card td, .card th { color: #e7eaef !important }
  .card .soft, .soft { color: #b0b8c4 !important }
  .card a, .soft a { color: ${dark.accent} !important }
  .card .button { background: ${dark.accent} !important }
  .card .button a { color: ${dark.onAccent} !important }
  .card td, .card th { border-color: #262d37 !important }
}`;

const TEXT = "margin:0 0 16px;font-size:16px;line-height:1.5;color:#171b22";
const SOFT = "font-size:13px;line-height:1.5;color:#4a5361";

/**
 * A whole mail as HTML: `head` comes first (a name or a picture), `blocks` below it, `foot` small under the card. All of them are HTML
 * already. One column of at most 560 pixels that mail programs without style sheets show as well, light and dark.
 */
export function formatMailHtml(mail: {
  title: string;
  head: string;
  blocks: readonly string[];
  foot: string;
  /** Colours of the brand; ours when not set. */
  shades?: BrandShades | undefined;
}): string {
  return `<!doctype html>
<html lang="en"><head><meta charset="utf-8"><meta name="viewport" content="width=device-width">
<meta name="color-scheme" content="light dark"><title>${escapeHtml(mail.title)}</title><style>${formatStyle(mail.shades ?? OWN)}</style></head>
<body class="page" style="margin:0;padding:0;background:#f7f8fa;font-family:system-ui,-apple-system,'Segoe UI',Roboto,Arial,sans-serif">
<table role="presentation" class="page" width="100%" cellpadding="0" cellspacing="0" style="background:#f7f8fa"><tr><td align="center" style="padding:24px 12px">
<table role="presentation" width="100%" cellpadding="0" cellspacing="0" style="max-width:560px;text-align:left">
<tr><td class="card" style="padding:28px 24px 12px;background:#ffffff;border:1px solid #dde1e7;border-radius:8px">
<p style="margin:0 0 20px;font-size:15px;font-weight:600;color:#171b22">${mail.head}</p>
<h1 style="margin:0 0 16px;font-size:20px;line-height:1.3;color:#171b22">${escapeHtml(mail.title)}</h1>
${mail.blocks.join("\n")}
</td></tr>
<tr><td class="soft" style="padding:14px 24px;${SOFT}">${mail.foot}</td></tr>
</table></td></tr></table>
</body></html>
`;
}

/** A paragraph of plain text. */
export function mailParagraph(text: string): string {
  return `<p style="${TEXT}">${escapeHtml(text)}</p>`;
}

/** A link as a button, and its address in full for people who cannot press it or want to see it first. */
export function mailButton({ url, label }: MailLink, shades: Pick<Accents, "light"> = OWN): string {
  const { accent, onAccent } = shades.light;
  return `<table role="presentation" cellpadding="0" cellspacing="0" style="margin:0 0 16px"><tr><td class="button" style="background:${accent};border-radius:5px">
<a href="${escapeHtml(url)}" style="display:inline-block;padding:11px 18px;font-size:16px;font-weight:600;color:${onAccent};text-decoration:none">${escapeHtml(label)}</a>
</td></tr></table>
<p class="soft" style="margin:0 0 16px;${SOFT};word-break:break-all">Or open this address: <a href="${escapeHtml(url)}">${escapeHtml(url)}</a></p>`;
}

/** Text on one line, for a subject: the longest domain and mail address fit, what is longer ends in "…". */
export function oneLine(text: string, maxCharacters = 255): string {
  const characters = [...text.replace(/\s+/g, " ").trim()];
  if (characters.length <= maxCharacters) return characters.join("");
  return `${characters.slice(0, maxCharacters - 1).join("")}…`;
}

/** A name, address or sentence on one line, for the body of a mail. */
export function inBody(text: string): string {
  return oneLine(text, 1_000);
}

/** Text as HTML shows it, also inside quotes. */
export function escapeHtml(text: string): string {
  return text.replace(/[&<>"']/g, (character) => `&#${character.charCodeAt(0)};`);
}
