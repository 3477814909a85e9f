const whole = new Intl.NumberFormat("en-US");
const compact = new Intl.NumberFormat("en-US", { notation: "compact", maximumFractionDigits: 1 });

/** A count with thousands separators: 12,345. */
export function formatCount(count: number): string {
  return whole.format(count);
}

/** A count for an axis: 12.3K. */
export function formatCompactCount(count: number): string {
  return compact.format(count);
}

/** A count and its noun: 1 report, 2 reports. */
export function formatCountOf(count: number, one: string, many = `${one}s`): string {
  return `${formatCount(count)} ${count === 1 ? one : many}`;
}

/**
 * A share between 0 and 1 as a percentage that never rounds a failure away:
 * anything below 1 stays below 100 %, anything above 0 stays above 0 %.
 */
export function formatShare(share: number | null): string {
  if (share === null) return "–";
  if (share > 0 && share < 0.0001) return "< 0.01%";
  if (share < 1 && share > 0.9999) return "> 99.99%";
  const percent = Math.round(share * 10_000) / 100;
  return `${percent.toLocaleString("en-US", { maximumFractionDigits: percent < 10 || percent > 99 ? 2 : 1 })}%`;
}

/** Bytes in the unit that reads best: 812 B, 3.4 kB, 1.2 MB. */
export function formatBytes(bytes: number): string {
  if (bytes < 1_000) return `${bytes} B`;
  if (bytes < 1_000_000) return `${(bytes / 1_000).toFixed(1)} kB`;
  return `${(bytes / 1_000_000).toFixed(1)} MB`;
}
