import styles from "./Sparkline.module.css";

const WIDTH = 56;
const HEIGHT = 16;
/** Shares below this are drawn at the bottom: the differences that matter are near 100 %. */
const LOWEST = 0.8;

/** Shares between 0 and 1 by day, oldest first; days without one are gaps. For the eye only: its figures are beside it. */
export function Sparkline({ days, large = false }: { days: readonly (number | null)[]; large?: boolean }) {
  const step = WIDTH / Math.max(1, days.length);
  const draw = (wanted: (share: number | null) => boolean) =>
    days.map((share, index) => (wanted(share) ? bar(index * step, step, share) : "")).join("");
  return (
    <svg
      width={large ? 2 * WIDTH : WIDTH}
      height={large ? 2 * HEIGHT : HEIGHT}
      viewBox={`0 0 ${WIDTH} ${HEIGHT}`}
      aria-hidden="true"
      focusable="false"
      className={styles.line}
    >
      <path className={styles.none} d={draw((share) => share === null)} />
      <path className={styles.fine} d={draw((share) => share === 1)} />
      <path className={styles.failed} d={draw((share) => share !== null && share < 1)} />
    </svg>
  );
}

function bar(x: number, step: number, share: number | null): string {
  const part = share === null ? 0 : (Math.max(share, LOWEST) - LOWEST) / (1 - LOWEST);
  const height = share === null ? 1 : Math.max(2, part * HEIGHT);
  return `M${x} ${HEIGHT}v${-height}h${Math.max(1, step - 1)}v${height}z`;
}
