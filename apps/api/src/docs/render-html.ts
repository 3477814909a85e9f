import type { Block, Inline } from "@waxseal/contract/read-markdown";
import { API_PAGE_STYLE } from "./api-page-style.ts";

/** Text for HTML. */
export function text(value: unknown): string {
  return String(value ?? "").replace(/[&<>"']/g, (character) => `&#${character.charCodeAt(0)};`);
}

/** Blocks of a page as HTML. The title is in the page's head already. */
export function renderBlocks(blocks: readonly Block[]): string {
  return blocks.map(renderBlock).join("\n");
}

function renderBlock(block: Block): string {
  if (block.kind === "heading")
    return block.level === 1 ? "" : `<h${block.level} id="${block.id}">${text(block.text)}</h${block.level}>`;
  if (block.kind === "code") return renderCode(block.text, block.language);
  if (block.kind === "paragraph") return `<p>${renderInline(block.content)}</p>`;
  if (block.kind === "list") {
    const tag = block.ordered ? "ol" : "ul";
    return `<${tag}>${block.items.map((item) => `<li>${renderInline(item)}</li>`).join("")}</${tag}>`;
  }
  return renderTable(
    block.head.map(renderInline),
    block.rows.map((row) => row.map(renderInline)),
  );
}

/** A table of cells that are HTML already; it scrolls in its own box where it is too wide. */
export function renderTable(head: readonly string[], rows: readonly (readonly string[])[]): string {
  const cells = (row: readonly string[], tag: "th" | "td") =>
    `<tr>${row.map((cell) => `<${tag}>${cell}</${tag}>`).join("")}</tr>`;
  return `<div class="wide" tabindex="0"><table><thead>${cells(head, "th")}</thead><tbody>${rows.map((row) => cells(row, "td")).join("")}</tbody></table></div>`;
}

/** Code in its own box, which scrolls where it is too wide. */
export function renderCode(code: string, language: string): string {
  const label = language.startsWith("sh") ? "Request" : language === "json" ? "Answer, shortened" : "Code";
  return `<pre tabindex="0" aria-label="${label}"><code>${text(code)}</code></pre>`;
}

function renderInline(parts: readonly Inline[]): string {
  return parts
    .map((part) => {
      if (part.kind === "link") return `<a href="${text(part.href)}">${text(part.text)}</a>`;
      if (part.kind === "code") return `<code>${text(part.text)}</code>`;
      return part.kind === "strong" ? `<strong>${text(part.text)}</strong>` : text(part.text);
    })
    .join("");
}

/** A page with the list of all pages and the search. */
export function renderPage(
  { title, path, query = "" }: { title: string; path: string; query?: string },
  pages: readonly { path: string; title: string }[],
  body: string,
): string {
  const links = pages.map(
    (page) =>
      `<li><a href="${page.path}"${page.path === path ? ' aria-current="page"' : ""}>${text(page.title)}</a></li>`,
  );
  return `<!doctype html>
<html lang="en">
<head><meta charset="utf-8"><meta name="viewport" content="width=device-width, initial-scale=1">
<title>${text(title)} · Waxseal API</title><style>${API_PAGE_STYLE}</style></head>
<body>
<header><a class="name" href="/api/docs">Waxseal API</a>
<form role="search" action="/api/docs/search"><label for="q">Search</label><input id="q" name="q" type="search" maxlength="100" value="${text(query)}"><button>Search</button></form></header>
<div class="columns"><nav aria-label="Pages"><ul>${links.join("")}</ul></nav>
<main><h1>${text(title)}</h1>
${body}
</main></div></body></html>
`;
}
