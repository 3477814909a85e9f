/** Letters and digits that are drawn like a Latin letter; only those that a name of a reporter could use. */
const LOOK_ALIKES: Readonly<Record<string, string>> = {
  "0": "o",
  "1": "l",
  "3": "e",
  "4": "a",
  "5": "s",
  "7": "t",
  "8": "b",
  "|": "l",
  i: "l",
  ı: "l",
  а: "a",
  е: "e",
  о: "o",
  р: "p",
  с: "c",
  х: "x",
  у: "y",
  і: "l",
  ӏ: "l",
  к: "k",
  м: "m",
  т: "t",
  в: "b",
  н: "h",
  г: "r",
  ԁ: "d",
  ѕ: "s",
  ј: "j",
  ɡ: "g",
  α: "a",
  ο: "o",
  ε: "e",
  ι: "l",
  κ: "k",
  ν: "v",
  ρ: "p",
  τ: "t",
  υ: "u",
};

/** Words that say nothing about whose name it is. */
const FILLERS =
  /\b(?:inc|llc|ltd|limited|corp|corporation|gmbh|ag|sa|pty|bv|co|company|group|mail|email|tls|reports?|reporting|postmaster)\b\.?/g;

/**
 * What is left of an organisation's name to compare it with another: lower-case letters and digits, each look-alike written as the
 * Latin letter it is taken for, without legal forms and words like "mail". Names with one skeleton read the same at a glance.
 */
export function nameSkeleton(name: string): string {
  const plain = name.normalize("NFKD").replace(/\p{M}/gu, "").toLowerCase();
  return toSkeleton(plain.replace(FILLERS, " ")) || toSkeleton(plain);
}

function toSkeleton(text: string): string {
  return Array.from(text, (char) => LOOK_ALIKES[char] ?? char)
    .join("")
    .replace(/[^\p{L}\p{N}]/gu, "")
    .replaceAll("rn", "m")
    .replaceAll("vv", "w");
}
