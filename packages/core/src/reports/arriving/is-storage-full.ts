/** Postgres' errors for want of disk, memory or connections (class 53), as the Prisma client and pg hand them on. */
const OUT_OF_RESOURCES = /^53\d{3}$/;
const MAX_DEPTH = 6;

/** Whether a write failed because Postgres has no room for it: nothing is wrong with what was to be written. Never throws. */
export function isStorageFull(error: unknown, depth = 0): boolean {
  if (typeof error !== "object" || error === null || depth > MAX_DEPTH) return false;
  return Object.entries({ ...error, ...(error instanceof Error && { cause: error.cause }) }).some(
    ([name, value]) =>
      /^(code|originalCode)$/.test(name) && typeof value === "string"
        ? OUT_OF_RESOURCES.test(value)
        : /^(cause|meta|driverAdapterError)$/.test(name) && isStorageFull(value, depth + 1),
  );
}
