import { randomUUID } from "node:crypto";

/** A new UUID version 7: random, and in order of `at` to the millisecond. RFC 9562 §5.7 */
export function newRowId(at: Date): string {
  const time = at.getTime().toString(16).padStart(12, "0");
  // The variant and all bits behind the version are those of a random one.
  return `${time.slice(0, 8)}-${time.slice(8)}-7${randomUUID().slice(15)}`;
}
