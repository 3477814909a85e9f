import { nameSkeleton } from "./name-skeleton.ts";

/**
 * A large reporter: the domains that sign for it, and what is in every name that it uses, or that passes for it.
 * `isWhole`: the word is too short to be looked for inside other names.
 */
type KnownReporter = { names: readonly string[]; domains: readonly string[]; isWhole?: boolean };

/** Kept short: only reporters whose signing domains are certain. Domains are registered ones; their subdomains sign too. */
const KNOWN_REPORTERS: readonly KnownReporter[] = [
  { names: ["google", "gmail"], domains: ["google.com"] },
  { names: ["microsoft", "outlook", "hotmail"], domains: ["microsoft.com"] },
  { names: ["comcast", "xfinity"], domains: ["comcast.net", "comcast.com"] },
  { names: ["mail.ru"], domains: ["mail.ru"], isWhole: true },
  { names: ["mimecast"], domains: ["mimecast.com", "mimecastreport.com"] },
  { names: ["yahoo"], domains: ["yahoo.com", "yahooinc.com"] },
  { names: ["fastmail"], domains: ["fastmail.com", "fastmailteam.com", "messagingengine.com"] },
];

const WORDS = KNOWN_REPORTERS.flatMap(({ names, domains, isWhole = false }) =>
  names.map((name) => ({ word: nameSkeleton(name), domains, isWhole })),
);

/**
 * The registered domains that may sign for a name which is, or looks like, that of a large reporter; `undefined` for all other names.
 * RFC 8460 §7
 */
export function findKnownSigners(reporter: string): readonly string[] | undefined {
  const skeleton = nameSkeleton(reporter);
  return WORDS.find(({ word, isWhole }) => (isWhole ? skeleton === word : skeleton.includes(word)))?.domains;
}
