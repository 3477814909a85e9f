/** A range of tokens in order, without its two bounds `after` and `until`; an undefined `until` means to the end. */
export type ZoneSlice = { after: string; until: string | undefined };

/** How often a comparison begins. */
export const COMPARE_EVERY_MS = 600_000;
/** Approximate number of tokens compared at a time. */
const TOKENS_PER_SLICE = 2_000;

/** The letters of tokens in the order they sort. */
const LETTERS = "234567abcdefghijklmnopqrstuvwxyz";
const PREFIX_LENGTH = 3;
const PREFIXES = LETTERS.length ** PREFIX_LENGTH;

/**
 * The slice of a zone whose turn it is at a time: one slice every ten minutes, about 2,000 tokens each, so that every token has its
 * turn once in `passMs`. Nothing needs to be kept for that: the time says which, and tokens are spread evenly.
 *
 * The number of slices is a power of two: it changes only when the zone doubles.
 */
export function zoneSlice(tokenCount: number, at: Date): ZoneSlice & { passMs: number } {
  const wanted = Math.max(1, tokenCount / TOKENS_PER_SLICE);
  const slices = Math.min(2 ** Math.ceil(Math.log2(wanted)), PREFIXES);
  const slice = Math.floor(at.getTime() / COMPARE_EVERY_MS) % slices;
  const step = PREFIXES / slices;
  return {
    after: slice === 0 ? "" : prefixAt(slice * step),
    until: slice + 1 === slices ? undefined : prefixAt((slice + 1) * step),
    passMs: slices * COMPARE_EVERY_MS,
  };
}

function prefixAt(index: number): string {
  let [prefix, rest] = ["", index];
  for (let place = 0; place < PREFIX_LENGTH; place++) {
    prefix = `${LETTERS[rest % LETTERS.length] ?? ""}${prefix}`;
    rest = Math.floor(rest / LETTERS.length);
  }
  return prefix;
}
