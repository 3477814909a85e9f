import fc from "fast-check";
import { expect, test } from "vitest";
import { readMarkdown } from "./read-markdown.ts";

test("headings, paragraphs, lists, tables, code and links are read; HTML stays text", () => {
  const source = [
    ...["# A title", "", "One <b>line</b>", "and `code`, **strong**, [a link](other#there).", ""],
    ...["* first", "* second", "", "1. one", "2. two", "", "| A | B |", "|---|---|", "| `x` | y |", ""],
    ...["```sh 404", "curl # not a heading", "", "end", "```", "## Ünd so weiter!"],
  ].join("\n");
  expect(readMarkdown(source)).toEqual([
    { kind: "heading", level: 1, id: "a-title", text: "A title" },
    {
      kind: "paragraph",
      content: [
        { kind: "text", text: "One <b>line</b> and " },
        { kind: "code", text: "code" },
        { kind: "text", text: ", " },
        { kind: "strong", text: "strong" },
        { kind: "text", text: ", " },
        { kind: "link", text: "a link", href: "other#there" },
        { kind: "text", text: "." },
      ],
    },
    {
      kind: "list",
      ordered: false,
      items: [[{ kind: "text", text: "first" }], [{ kind: "text", text: "second" }]],
    },
    {
      kind: "list",
      ordered: true,
      items: [[{ kind: "text", text: "one" }], [{ kind: "text", text: "two" }]],
    },
    {
      kind: "table",
      head: [[{ kind: "text", text: "A" }], [{ kind: "text", text: "B" }]],
      rows: [[[{ kind: "code", text: "x" }], [{ kind: "text", text: "y" }]]],
    },
    { kind: "code", language: "sh 404", text: "curl # not a heading\n\nend" },
    { kind: "heading", level: 2, id: "nd-so-weiter", text: "Ünd so weiter!" },
  ]);
});

test("any text is read to its end", () => {
  fc.assert(fc.property(fc.string(), (text) => Array.isArray(readMarkdown(text))));
});
