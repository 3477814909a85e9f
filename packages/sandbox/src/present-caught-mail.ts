import type { CaughtMail } from "./open-caught-mails.ts";
import type { CaughtHook } from "./start-hook-catcher.ts";

const STYLE = `
body { font: 16px/1.5 system-ui, sans-serif; max-width: 46rem; margin: 0 auto; padding: 1rem; color: #1d2433; background: #fff }
header { border-bottom: 3px solid #d97706; margin-bottom: 1rem } h1 { font-size: 1.3rem; margin: 0 } header p { margin: .2rem 0 .6rem; color: #555 }
ul { list-style: none; padding: 0 } li { border-bottom: 1px solid #ddd; padding: .7rem 0; overflow-wrap: anywhere }
a { color: #1a56b0 } time, .to { color: #555; font-size: .9rem } pre { white-space: pre-wrap; overflow-wrap: anywhere; font: inherit }
iframe { width: 100%; min-height: 32rem; border: 1px solid #ddd }
@media (prefers-color-scheme: dark) { body { color: #e6e8ee; background: #14171f } a { color: #8ab4f8 } li { border-color: #333 } header p, time, .to { color: #aaa } iframe { background: #fff } }`;

/** The inbox as a page: newest first, and clear that none of these mails went anywhere. */
export function presentInboxPage(mails: readonly CaughtMail[], hookCount = 0): string {
  const items = mails.map(
    (mail) => `<li><a href="/mails/${mail.id}/page">${escapeHtml(mail.subject || "(no subject)")}</a><br>
<span class="to">to ${escapeHtml(mail.to.join(", "))}</span> · <time>${escapeHtml(mail.receivedAt)}</time></li>`,
  );
  const body =
    items.length > 0
      ? `<ul>${items.join("\n")}</ul>`
      : "<p>No mail yet. Sign up and the verification mail appears here.</p>";
  const words = hookCount === 1 ? "1 message" : `${hookCount} messages`;
  return page("Sandbox mail", `<p><a href="/hooks">${words} to chat services and webhooks</a></p>${body}`);
}

/** Messages to chat services and webhooks as a page, newest first. */
export function presentHooksPage(hooks: readonly CaughtHook[], url: string): string {
  const kinds = ["webhook", "slack", "teams", "discord"];
  const addresses = kinds.map(
    (kind) => `<li>${kind}: <code>${escapeHtml(`${url}/${kind}/test`)}</code></li>`,
  );
  const items = hooks.map(
    ({ kind, path, status, receivedAt, body }) =>
      `<li><strong>${escapeHtml(kind)}</strong> ${escapeHtml(path)} <span class="to">answered ${status}</span> · <time>${escapeHtml(receivedAt)}</time><details><summary>Body</summary><pre>${escapeHtml(indent(body))}</pre></details></li>`,
  );
  const list = items.length > 0 ? `<ul>${items.join("\n")}</ul>` : "<p>No message yet.</p>";
  return page(
    "Sandbox chat and webhooks",
    `<p><a href="/">← All mails</a></p><h2>Chat services and webhooks</h2><p>Use these addresses for channels. At the end of one, <code>?mode=410</code>, <code>500</code>, <code>429</code>, <code>redirect</code> or <code>slow</code> makes it misbehave.</p><ul>${addresses.join("\n")}</ul>${list}`,
  );
}

function indent(json: string): string {
  try {
    return JSON.stringify(JSON.parse(json), null, 2);
  } catch {
    return json;
  }
}

/** One mail as a page. Its HTML is shown in a frame that runs no scripts and sends its links to the top. */
export function presentMailPage(mail: CaughtMail): string {
  const body = mail.html
    ? `<iframe sandbox="allow-popups allow-popups-to-escape-sandbox allow-top-navigation-by-user-activation" title="Mail" src="/mails/${mail.id}/html"></iframe>`
    : `<pre>${linkify(mail.text)}</pre>`;
  return page(
    mail.subject || "(no subject)",
    `<p><a href="/">← All mails</a></p><h2>${escapeHtml(mail.subject || "(no subject)")}</h2>
<p class="to">from ${escapeHtml(mail.from)} to ${escapeHtml(mail.to.join(", "))} · <time>${escapeHtml(mail.receivedAt)}</time></p>${body}`,
  );
}

/** What `/mails/:id/html` answers: the mail's own HTML, or its text made into HTML. Every link opens at the top. */
export function presentMailHtml(mail: CaughtMail): string {
  return mail.html === null
    ? `<!doctype html><meta charset="utf-8"><pre>${linkify(mail.text)}</pre>`
    : openLinksAtTop(mail.html);
}

/** Pages that a mail links to refuse to be framed, and the frame the mail is in shows nothing else. */
function openLinksAtTop(html: string): string {
  const untargeted = html.replaceAll(
    /(<(?:a|area|base)\b(?:[^>"']|"[^"]*"|'[^']*')*?)\starget\s*=\s*(?:"[^"]*"|'[^']*'|[^\s>]+)/gi,
    "$1",
  );
  const start = /<head\b[^>]*>/i.exec(untargeted) ?? /^\s*<!doctype\b[^>]*>/i.exec(untargeted);
  const at = start ? start.index + start[0].length : 0;
  return `${untargeted.slice(0, at)}<base target="_top">${untargeted.slice(at)}`;
}

function page(title: string, body: string): string {
  return `<!doctype html><html lang="en"><meta charset="utf-8"><meta name="viewport" content="width=device-width">
<title>${escapeHtml(title)} – Sandbox mail</title><style>${STYLE}</style>
<header><h1>Sandbox mail</h1><p>Mail sent by this installation while it runs in the sandbox. Nothing here left this machine.</p></header>
${body}</html>`;
}

function linkify(text: string): string {
  return escapeHtml(text).replaceAll(
    /https?:\/\/[^\s"'<>)\]]+/g,
    (link) => `<a target="_top" href="${link}">${link}</a>`,
  );
}

function escapeHtml(text: string): string {
  return text
    .replaceAll("&", "&amp;")
    .replaceAll("<", "&lt;")
    .replaceAll(">", "&gt;")
    .replaceAll('"', "&quot;");
}
