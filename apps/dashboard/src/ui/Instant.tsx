import { useSyncExternalStore } from "react";
import { formatDistance } from "../format/durations.ts";
import { chosenTimeZone, formatInZone, subscribeToTimeZone } from "../format/time-zone.ts";
import styles from "./Instant.module.css";

/** An instant: how long ago it is, with the exact time on hover; or the exact time. In UTC or in the reader's zone, as they chose. */
export function Instant({ at, exact = false }: { at: string; exact?: boolean }) {
  const choice = useSyncExternalStore(subscribeToTimeZone, chosenTimeZone);
  const text = formatInZone(at, choice);
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
