import { formatDistance } from "../format/durations.ts";
import { formatInstant } from "../format/utc-days.ts";

/** An instant: how long ago it is, with the exact time in UTC on hover; or the exact time. */
export function Instant({ at, exact = false }: { at: string; exact?: boolean }) {
  return (
    <time dateTime={at} title={formatInstant(at)}>
      {exact ? formatInstant(at) : formatDistance(at, new Date())}
    </time>
  );
}
