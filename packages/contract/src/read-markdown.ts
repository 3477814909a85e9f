/** A part of a line. */
export type Inline =
  | { kind: "text" | "code" | "strong"; text: string }
  | { kind: "link"; text: string; href: string };

/** A part of a page. `id` of a heading is what links to it name after `#`. */
export type Block =
  | { kind: "heading"; level: 1 | 2 | 3; id: string; text: string }
  | { kind: "paragraph"; content: Inline[] }
  | { kind: "list"; ordered: boolean; items: Inline[][] }
  | { kind: "code"; language: string; text: string }
  | { kind: "table"; head: Inline[][]; rows: Inline[][][] };

/**
 * Reads the part of Markdown that our own pages are written in: headings, paragraphs, lists of one level, tables, fenced code, and inline
 * `code`, **strong** and [links](href). HTML in it is text. Never throws.
 */
export function readMarkdown(source: string): Block[] {
  const lines = source.replace(/\r\n?/g, "\n").split("\n");
  const blocks: Block[] = [];
  for (let at = 0; at < lines.length; ) {
    const { block, next } = readBlock(lines, at);
    if (block) blocks.push(block);
    at = next;
  }
  return blocks;
}

type Read = { block?: Block; next: number };

function readBlock(lines: readonly string[], at: number): Read {
  const line = lines[at] ?? "";
  if (line.trim() === "") return { next: at + 1 };
  const heading = /^(#{1,3}) (.+)$/.exec(line);
  if (heading) {
    const [, marks = "", text = ""] = heading;
    const level = marks.length === 1 ? 1 : marks.length === 2 ? 2 : 3;
    return { block: { kind: "heading", level, id: headingId(text), text }, next: at + 1 };
  }
  if (line.startsWith("```")) return readCode(lines, at);
  const group = takeWhile(lines, at, (one) => one.trim() !== "" && !/^(?:#{1,3} |```)/.test(one));
  const next = at + group.length;
  if (line.startsWith("|")) return { block: readTable(group), next };
  const ordered = /^\d+\. /.test(line);
  if (ordered || line.startsWith("* ")) {
    const items = group.map((one) => readInline(one.replace(/^(?:\* |\d+\. )/, "")));
    return { block: { kind: "list", ordered, items }, next };
  }
  return { block: { kind: "paragraph", content: readInline(group.join(" ")) }, next };
}

function readCode(lines: readonly string[], at: number): Read {
  const text = takeWhile(lines, at + 1, (one) => !one.startsWith("```"));
  const language = (lines[at] ?? "").slice(3).trim();
  return { block: { kind: "code", language, text: text.join("\n") }, next: at + text.length + 2 };
}

/** The second line holds only dashes. */
function readTable(group: readonly string[]): Block {
  const [head = [], , ...rows] = group.map((line) =>
    line
      .replace(/^\||\|$/g, "")
      .split("|")
      .map((cell) => readInline(cell.trim())),
  );
  return { kind: "table", head, rows };
}

function readInline(text: string): Inline[] {
  const parts: Inline[] = [];
  let end = 0;
  for (const match of text.matchAll(/`([^`]+)`|\*\*([^*]+)\*\*|\[([^\]]+)\]\(([^)\s]+)\)/g)) {
    if (match.index > end) parts.push({ kind: "text", text: text.slice(end, match.index) });
    const [all, code, strong, label = "", href = ""] = match;
    if (code !== undefined) parts.push({ kind: "code", text: code });
    else if (strong !== undefined) parts.push({ kind: "strong", text: strong });
    else parts.push({ kind: "link", text: label, href });
    end = match.index + all.length;
  }
  if (end < text.length) parts.push({ kind: "text", text: text.slice(end) });
  return parts;
}

/** What links to a heading name after `#`. */
export function headingId(text: string): string {
  return text
    .toLowerCase()
    .replace(/[^a-z0-9]+/g, "-")
    .replace(/^-|-$/g, "");
}

function takeWhile(
  lines: readonly string[],
  from: number,
  isWanted: (line: string) => boolean,
): readonly string[] {
  const end = lines.findIndex((line, index) => index >= from && !isWanted(line));
  return lines.slice(from, end === -1 ? undefined : end);
}
