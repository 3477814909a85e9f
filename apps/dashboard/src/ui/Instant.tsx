import { formatInstant } from "@waxseal/contract/format-instant";
import { formatDistance } from "../format/durations.ts";
import styles from "./Instant.module.css";

/** An instant: how long ago it is, with the exact time in UTC on hover; or the exact time. */
export function Instant({ at, exact = false }: { at: string; exact?: boolean }) {
  const text = formatInstant(at);
  if (!exact) {
    return (
      <time dateTime={at} title={text} className={styles.part}>
        {formatDistance(at, new Date())}
      </time>
    );
  }
  // A line may break between day and time only.
  const [day, time] = text.split(", ");
  return (
    <time dateTime={at}>
      <span className={styles.part}>{day},</span> <span className={styles.part}>{time}</span>
    </time>
  );
}
