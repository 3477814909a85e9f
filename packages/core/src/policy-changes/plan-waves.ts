import { DAY_MS } from "@waxseal/runtime/time-spans";

/** Up to this many domains begin to enforce at once. */
const AT_ONCE = 20;
const FIRST_WAVE = 5;
const SECOND_WAVE_SHARE = 0.2;

/** Time between two waves: long enough for the reports of a day and for two tests of each mail host. */
export const WAVE_APART_MS = DAY_MS;

/**
 * The wave of each of `count` domains that begin to enforce, in their order: all in wave 0 up to 20, otherwise 5, then a fifth of all, then
 * the rest.
 */
export function planWaves(count: number): number[] {
  if (count <= AT_ONCE) return Array<number>(count).fill(0);
  const secondEnds = FIRST_WAVE + Math.ceil(count * SECOND_WAVE_SHARE);
  return Array.from({ length: count }, (_, place) => (place < FIRST_WAVE ? 0 : place < secondEnds ? 1 : 2));
}
