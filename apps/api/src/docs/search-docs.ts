import type { Block, Inline } from "@waxseal/contract/read-markdown";
import type { DocsPage } from "./docs-pages.ts";
import { operationSlug, type ReferencePage } from "./render-reference.ts";

/** Something that a search finds: a section of a page, or an operation. */
export type Found = { href: string; title: string; page: string; text: string };

const MAX_FOUND = 40;
const MAX_WORDS = 8;

/** Everything that can be found, in the order of the pages. */
export function indexDocs(pages: readonly DocsPage[], reference: readonly ReferencePage[]): Found[] {
  return [
    ...pages.flatMap(indexPage),
    ...reference.flatMap((page) =>
      page.operations.map(({ method, path, operation }) => ({
        href: `/api/docs/reference/${page.slug}#${operationSlug(method, path)}`,
        title: `${method} ${path}`,
        page: page.title,
        text: [operation.summary, operation.description, operation.operationId].join(" "),
      })),
    ),
  ];
}

/** What holds every word of the query, those with all of them in their title first; at most 40. */
export function searchDocs(index: readonly Found[], query: string): Found[] {
  const words = query.toLowerCase().split(/\s+/).filter(Boolean).slice(0, MAX_WORDS);
  if (words.length === 0) return [];
  const holdsAll = (value: string) => words.every((word) => value.toLowerCase().includes(word));
  const found = index.filter(({ title, page, text }) => holdsAll(`${title} ${page} ${text}`));
  const [inTitle, others] = [found.filter(({ title }) => holdsAll(title)), found];
  return [...new Set([...inTitle, ...others])].slice(0, MAX_FOUND);
}

function indexPage({ slug, title, blocks }: DocsPage): Found[] {
  const sections: Found[] = [{ href: `/api/docs/${slug}`, title, page: title, text: "" }];
  for (const block of blocks) {
    if (block.kind === "heading" && block.level > 1)
      sections.push({ href: `/api/docs/${slug}#${block.id}`, title: block.text, page: title, text: "" });
    const last = sections.at(-1);
    if (last) last.text += ` ${wordsOf(block)}`;
  }
  return sections;
}

function wordsOf(block: Block): string {
  const plain = (parts: readonly Inline[]) => parts.map(({ text }) => text).join("");
  if (block.kind === "paragraph") return plain(block.content);
  if (block.kind === "list") return block.items.map(plain).join(" ");
  if (block.kind === "table") return [block.head, ...block.rows].flat().map(plain).join(" ");
  return block.text;
}
