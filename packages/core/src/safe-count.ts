/** A count of the database as a number; beyond 2^53 the largest exact one. */
export function safeCount(count: bigint | string | null): number {
  const value = BigInt(count ?? 0);
  return value > BigInt(Number.MAX_SAFE_INTEGER) ? Number.MAX_SAFE_INTEGER : Number(value);
}
