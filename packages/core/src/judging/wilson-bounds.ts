/** Quantile of the normal distribution for a two-sided interval of 95 %. */
const Z_95 = 1.96;

/**
 * The confidence interval (Wilson) of a share, 95 % unless `z` says otherwise, of which `hits` of `total` were seen; 0 to 1 when nothing was seen.
 *
 * Good for small numbers: 0 of 300 is at most 1.3 %, 0 of 40 at most 8.8 %.
 */
export function wilsonBounds(hits: number, total: number, z = Z_95): { low: number; high: number } {
  if (total <= 0) return { low: 0, high: 1 };
  const share = Math.min(1, hits / total);
  const square = z * z;
  const middle = share + square / (2 * total);
  const spread = z * Math.sqrt((share * (1 - share) + square / (4 * total)) / total);
  const whole = 1 + square / total;
  return { low: Math.max(0, (middle - spread) / whole), high: Math.min(1, (middle + spread) / whole) };
}
