import { readdirSync, readFileSync } from "node:fs";
import { readMarkdown } from "@waxseal/contract/read-markdown";
import { expect, test } from "vitest";
import { GLOSSARY } from "../../format/glossary.ts";
import { HELP_PAGES } from "../../format/help-pages.ts";

const FOLDER = new URL("./pages/", import.meta.url);
const read = (folder: URL, page: string) => readMarkdown(readFileSync(new URL(`${page}.md`, folder), "utf8"));
const files = readdirSync(FOLDER).map((name) => name.replace(/\.md$/, ""));
const API_PAGES = new URL("../../../../api/src/docs/pages/", import.meta.url);

const idsOf = (blocks: ReturnType<typeof readMarkdown>) =>
  blocks.flatMap((block) => (block.kind === "heading" ? [block.id] : []));

/** Every heading that a link may lead to, by page. */
const anchors = new Map<string, readonly string[]>([
  ...files.map((page) => [page, idsOf(read(FOLDER, page))] as const),
  ["glossary", Object.keys(GLOSSARY)],
]);

test("the help has ten pages and the glossary, each with the title that the list shows", () => {
  expect([...files, "glossary"].sort()).toEqual(HELP_PAGES.map(({ page }) => page).sort());
  for (const { page, title } of HELP_PAGES) {
    if (page === "glossary") continue;
    expect(read(FOLDER, page)[0]).toMatchObject({ kind: "heading", level: 1, text: title });
  }
});

test("every link of the help leads to a page of it, with that heading, or to one of the API's documentation", () => {
  const lost: string[] = [];
  let count = 0;
  for (const page of files) {
    const source = readFileSync(new URL(`${page}.md`, FOLDER), "utf8");
    for (const [, href = ""] of source.matchAll(/\]\(([^)]+)\)/g)) {
      count += 1;
      const [path = "", hash] = href.split("#");
      const apiPage = /^\/api\/docs\/([\w-]+)$/.exec(path)?.[1];
      const isKnown =
        path === "/api/docs" ||
        path === "/api/openapi.json" ||
        (apiPage !== undefined && read(API_PAGES, apiPage).length > 0) ||
        (anchors.has(path) && (hash === undefined || anchors.get(path)?.includes(hash)));
      if (!isKnown) lost.push(`${page}: ${href}`);
    }
  }
  expect(lost).toEqual([]);
  expect(count).toBeGreaterThan(5);
});

test("every term of the glossary says what it means in a sentence or two, and where the help says more", () => {
  for (const [id, { text, page }] of Object.entries(GLOSSARY)) {
    expect([id, text.length < 170, /\.$/.test(text)]).toEqual([id, true, true]);
    expect([id, files]).toEqual([id, expect.arrayContaining([page])]);
  }
});

test("every term of the glossary is explained by a question mark on some screen", () => {
  const source = new URL("../../", import.meta.url);
  const screens = readdirSync(source, { recursive: true, encoding: "utf8" })
    .filter((name) => name.endsWith(".tsx"))
    .map((name) => readFileSync(new URL(name, source), "utf8"))
    .join("\n");
  const isUsed = (id: string) => screens.includes(`["${id}", "`) || screens.includes(`<Term name="${id}"`);
  expect(Object.keys(GLOSSARY).filter((id) => !isUsed(id))).toEqual([]);
});
