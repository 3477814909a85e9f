const MAX_INTERVALS = 4;

/** Two to five round numbers for an axis of counts, from 0 to the first that reaches `highest`. */
export function niceTicks(highest: number): number[] {
  const rough = Math.max(1, highest / MAX_INTERVALS);
  const power = 10 ** Math.floor(Math.log10(rough));
  const factor = [1, 2, 2.5, 5].find(
    (candidate) => candidate * power >= rough && Number.isInteger(candidate * power),
  );
  const step = (factor ?? 10) * power;
  const intervals = Math.max(1, Math.ceil(highest / step));
  return Array.from({ length: intervals + 1 }, (_, index) => index * step);
}
