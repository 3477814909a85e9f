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

/**
 * Why a label or word may be taken for another one, in words: its scripts are not written together, or it is of one script and looks Latin.
 * Scripts come from the Unicode data of the engine.
 *
 * UTS 39 §5.1, §5.2
 */
export function findDeception(label: string): string | undefined {
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
