import { formatCount, formatShare } from "../format/counts.ts";
import { Sparkline } from "../ui/Sparkline.tsx";
import type { ReportFigures } from "./contract.ts";
import styles from "./ReportShare.module.css";

/** The share of successful sessions of the last days, with a bar for each day. */
export function ReportShare({ reports }: { reports: ReportFigures | null }) {
  if (!reports) return <span className={styles.none}>Not available</span>;
  const { successShare, sessions, days } = reports;
  if (sessions === 0) return <span className={styles.none}>No reports</span>;
  return (
    <span
      className={styles.share}
      title={`${formatCount(sessions)} sessions in 14 days, from trusted reports`}
    >
      <Sparkline days={days} />
      {formatShare(successShare)}
    </span>
  );
}
