import { toUnicode } from "punycode.js";

/** A host name as people write it. `warning` says in words why it may be taken for another name. */
export type ShownHost = { text: string; ascii: string; warning?: string };

const A_LABEL = /(?:^|\.)xn--/i;

/**
 * A name of A-labels in its own script, with the A-labels kept. What does not come out of the browser's UTS 46 processing as it went in is
 * shown as A-labels: it is no name that anyone can type.
 */
export function showHost(ascii: string): ShownHost {
  if (!A_LABEL.test(ascii)) return { text: ascii, ascii };
  const text = decode(ascii);
  if (text === undefined) return { text: ascii, ascii };
  const warning = text.split(".").map(findDeception).find(Boolean);
  return { text, ascii, ...(warning && { warning }) };
}

function decode(ascii: string): string | undefined {
  try {
    const text = toUnicode(ascii.toLowerCase());
    return toAscii(text) === ascii.toLowerCase() ? text : undefined;
  } catch {
    return undefined;
  }
}

/** By UTS 46, as the browser does it for an address. `*.` and `_` names are no hosts of a URL: they are put on and taken off. */
function toAscii(text: string): string | undefined {
  const prefix = /^(?:\*\.|(?:_[a-z0-9-]+\.)+)/.exec(text)?.[0] ?? "";
  const url = `http://${text.slice(prefix.length)}/`;
  return URL.canParse(url) ? prefix + new URL(url).hostname : undefined;
}

const SCRIPTS = [
  "Latin",
  "Cyrillic",
  "Greek",
  "Armenian",
  "Hebrew",
  "Arabic",
  "Devanagari",
  "Bengali",
  "Tamil",
  "Thai",
  "Georgian",
  "Ethiopic",
  "Han",
  "Hiragana",
  "Katakana",
  "Hangul",
  "Bopomofo",
] as const;

/** Scripts that are written together, UTS 39 §5.2 "Highly Restrictive". */
const TOGETHER: readonly ReadonlySet<string>[] = [
  new Set(["Latin", "Han", "Hiragana", "Katakana"]),
  new Set(["Latin", "Han", "Bopomofo"]),
  new Set(["Latin", "Han", "Hangul"]),
];

const IN_SCRIPT = SCRIPTS.map((name) => ({
  name,
  letters: new RegExp(
    `^[\\p{Script_Extensions=${name}}\\p{Script_Extensions=Common}\\p{Script_Extensions=Inherited}]$`,
    "u",
  ),
}));

/** Cyrillic and Greek letters that are drawn like Latin ones. */
const LIKE_LATIN = /^[аеорсухіјѕԁһӏԛԝкмтвнгαοικνρτυωχ0-9-]+$/u;

/** UTS 39 §5: a label of scripts that are not written together, or of one that only looks Latin. */
function findDeception(label: string): string | undefined {
  const scripts = new Set<string>();
  for (const letter of label) {
    if (/[\p{Script=Common}\p{Script=Inherited}]/u.test(letter)) continue;
    const own = IN_SCRIPT.filter(({ letters }) => letters.test(letter)).map(({ name }) => name);
    // A letter of several scripts fits any of them; one of a script not listed is a script of its own.
    if (own.length <= 1) scripts.add(own[0] ?? "another script");
  }
  const isMixed = scripts.size > 1 && !TOGETHER.some((known) => [...scripts].every((one) => known.has(one)));
  if (isMixed) return `Mixes ${[...scripts].join(" and ")} letters: it may imitate another name.`;
  const isOfOther = scripts.has("Cyrillic") || scripts.has("Greek");
  if (isOfOther && LIKE_LATIN.test(label))
    return `All letters are ${[...scripts][0]}, but look Latin: it may imitate another name.`;
  return undefined;
}
