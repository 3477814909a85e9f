import { formatShare } from "../format/counts.ts";
import type { ChartBin } from "./bin-days.ts";
import styles from "./ShareLine.module.css";
import { lowestShown, shareOf } from "./share-of.ts";

const HEIGHT = 56;
/** One unit of the drawing is a bar, whatever its width. */
const BAR = 10;

/** The share of sessions that went well, above the bars of the same days; a gap where it is not known. For the eye only. */
export function ShareLine({ bins }: { bins: readonly ChartBin[] }) {
  const shares = bins.map(shareOf);
  const lowest = lowestShown(shares);
  const y = (share: number) => 3 + ((1 - share) / (1 - lowest)) * (HEIGHT - 6);
  const points = shares.map((share, index) => (share === null ? null : `${(index + 0.5) * BAR} ${y(share)}`));
  const path = points
    .map((point, index) => (point === null ? "" : `${points[index - 1] ? "L" : "M"}${point}`))
    .join("");
  return (
    <div className={styles.line} aria-hidden="true">
      <p className={styles.name}>Success share</p>
      <div className={styles.axis}>
        <span>100%</span>
        <span>{formatShare(lowest)}</span>
      </div>
      <svg
        aria-hidden="true"
        focusable="false"
        viewBox={`0 0 ${bins.length * BAR} ${HEIGHT}`}
        preserveAspectRatio="none"
        height={HEIGHT}
      >
        <path d={`M0 3H${bins.length * BAR}M0 ${HEIGHT - 3}H${bins.length * BAR}`} className={styles.grid} />
        <path d={path} className={styles.share} />
        {points.map(
          (point, index) =>
            point !== null &&
            !points[index - 1] &&
            !points[index + 1] && <path key={point} d={`M${point}h.01`} className={styles.dot} />,
        )}
      </svg>
    </div>
  );
}
