/** Ids of fills that differ in more than colour. */
export const FAILED_PATTERN = "failed-stripes";
export const GAP_PATTERN = "gap-hatch";

/** Stripes for failures and hatching for days without a report: both are seen on paper and without colours. */
export function Patterns() {
  return (
    <defs>
      <pattern
        id={FAILED_PATTERN}
        width="5"
        height="5"
        patternUnits="userSpaceOnUse"
        patternTransform="rotate(45)"
      >
        <rect width="5" height="5" fill="var(--chart-bad)" />
        <line x1="0" y1="0" x2="0" y2="5" stroke="var(--chart-bad-dark)" strokeWidth="4" />
      </pattern>
      <pattern
        id={GAP_PATTERN}
        width="6"
        height="6"
        patternUnits="userSpaceOnUse"
        patternTransform="rotate(45)"
      >
        <line x1="0" y1="0" x2="0" y2="6" stroke="var(--chart-gap)" strokeWidth="2" />
      </pattern>
    </defs>
  );
}
