const INTERVALS = 4;

/** Five round numbers for an axis of counts, from 0 to at least `highest`. */
export function niceTicks(highest: number): number[] {
  const rough = Math.max(1, highest / INTERVALS);
  const power = 10 ** Math.floor(Math.log10(rough));
  const factor = [1, 2, 2.5, 5, 10].find(
    (candidate) => candidate * power >= rough && Number.isInteger(candidate * power),
  );
  const step = Math.ceil((factor ?? 10) * power);
  return Array.from({ length: INTERVALS + 1 }, (_, index) => index * step);
}
