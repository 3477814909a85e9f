import { findDeception } from "@waxseal/contract/deceptive-letters";

/** A name that may be shown before our address in a From header, or why not, in words. */
export type SenderName = { ok: true; name: string } | { ok: false; problem: string };

const MAX_CHARACTERS = 60;
/** Digits and signs that look like letters to a reader in a hurry. Letters of other scripts are refused beside Latin ones anyway. */
const LIKE_LETTERS: Readonly<Record<string, string>> = {
  "0": "o",
  "1": "i",
  l: "i",
  "|": "i",
  "!": "i",
  "3": "e",
  "4": "a",
  "5": "s",
  $: "s",
};
/** What mail programs and people take for the system itself. */
const SYSTEM_NAMES = ["mailerdaemon", "postmaster", "mailsystem", "administrator", "hostmaster"];

/**
 * Reads the display name of a sender. Refused is what a mail program or a reader could take for something else: an address or domain (the
 * address behind it is ours), characters that end or reverse a header, letters of several scripts, and our own name and those of mail systems.
 *
 * RFC 5322 §2.2, §3.4, UTS 39 §5
 */
export function readSenderName(text: string): SenderName {
  const name = text.normalize("NFKC").replace(/ +/g, " ").trim();
  const problem = findProblem(text, name);
  return problem === undefined ? { ok: true, name } : { ok: false, problem };
}

function findProblem(text: string, name: string): string | undefined {
  if (/[\p{Cc}\p{Cf}\p{Co}\p{Cn}\p{Cs}\p{Zl}\p{Zp}]/u.test(text))
    return "A sender name is one line, without invisible characters.";
  if (!/\p{L}/u.test(name)) return "A sender name needs at least one letter.";
  if ([...name].length > MAX_CHARACTERS)
    return `A sender name can have at most ${MAX_CHARACTERS} characters.`;
  if (/[@<>"\\,;:()[\]]/.test(name))
    return "A sender name can't contain an email address, quotation marks or any of , ; : ( ) [ ] < >.";
  if (/[\p{L}\p{N}-]\.\p{L}{2,}/u.test(name) || /:\/\/|www\./i.test(name))
    return "A sender name can't contain a domain: people would take it for the sender's address.";
  const deception = name
    .toLowerCase()
    .split(/[ \p{P}]+/u)
    .map(findDeception)
    .find(Boolean);
  if (deception !== undefined) return `This name can't be used. ${deception}`;
  const plain = plainOf(name);
  if (plain.includes(plainOf("waxseal")))
    return "This name looks like Waxseal's own. Use the name of your company.";
  if (SYSTEM_NAMES.some((word) => plain === plainOf(word)))
    return "This name looks like that of a mail system. Use the name of your company.";
  return undefined;
}

function plainOf(name: string): string {
  const letters = name.normalize("NFKD").replace(/\p{M}/gu, "").toLowerCase();
  return [...letters.replaceAll("vv", "w")]
    .map((letter) => LIKE_LETTERS[letter] ?? letter)
    .filter((letter) => /[\p{L}\p{N}]/u.test(letter))
    .join("");
}
