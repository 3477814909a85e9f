import { expect, test } from "vitest";
import { listFiles, readText } from "./repo-files.ts";

/** Words of an old dialect, and what to write. They are forbidden in code, comments, names of tests, screens and documents. */
const WORDS: [word: RegExp, instead: string][] = [
  [/\bwhoever\b/i, "the caller, the holder, people who …"],
  [/\banew\b/i, "again, or re-…"],
  [/\bmend(?:s|ed|ing)?\b/i, "repair, fix"],
  [/\bwhose move\b/i, "who must act"],
  [/\bby itself\b/i, "automatically, alone, separately"],
  [/\btold\b/i, "shown, sent, notified, logged"],
  [/\btells (?:again|what|of|that)\b/i, "says, reports, equals"],
  // One spelling; a pattern that reads other people's mail may hold the other one.
  [/\be-mails?\b(?!\))/i, "email"],
  [/\bstands?\b(?![- ](?:for|ins?|aside)\b)/i, "is, are"],
  [
    /(?<![\w"'`/|.-])(?:nobody|somebody)(?:'s)?(?![\w@:"'`/]|\.\w)/i,
    "no one, a person, another account, or a sentence about the thing",
  ],
];

/** Files that name a word in order to forbid it. */
const QUOTING = [".github/CONTRIBUTING.md", "packages/repo-rules/src/plain-english.test.ts"];

test("the text of the repository uses plain English words", () => {
  const found = listFiles()
    .filter((path) => /\.(?:tsx?|mjs|md|yml)$/.test(path) && !QUOTING.includes(path))
    .flatMap((path) =>
      readText(path)
        .split("\n")
        .flatMap((line, at) =>
          WORDS.filter(([word]) => word.test(line)).map(
            ([, instead]) => `${path}:${at + 1}: write ${instead}: ${line.trim()}`,
          ),
        ),
    );
  expect(found).toEqual([]);
});
