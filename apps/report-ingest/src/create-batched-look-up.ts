type Waiting<T> = { key: string; resolve(found: T | undefined): void; reject(error: unknown): void };

/** Most look-ups that wait; more wait only while the database hangs. */
const MAX_WAITING = 5_000;
const MAX_AT_ONCE = 1_000;

/**
 * Looks keys up together: what is asked for while one query runs goes into the next.
 * The function rejects with what the query rejects with, or when too many wait.
 */
export function createBatchedLookUp<T>(
  find: (keys: readonly string[]) => Promise<ReadonlyMap<string, T>>,
): (key: string) => Promise<T | undefined> {
  const waiting: Waiting<T>[] = [];
  let isRunning = false;

  async function run(): Promise<void> {
    isRunning = true;
    while (waiting.length > 0) {
      const batch = waiting.splice(0, MAX_AT_ONCE);
      try {
        const found = await find([...new Set(batch.map(({ key }) => key))]);
        for (const { key, resolve } of batch) resolve(found.get(key));
      } catch (error) {
        for (const { reject } of batch) reject(error);
      }
    }
    isRunning = false;
  }

  return (key) => {
    if (waiting.length >= MAX_WAITING) return Promise.reject(new Error("too many look-ups wait"));
    const { promise, resolve, reject } = Promise.withResolvers<T | undefined>();
    waiting.push({ key, resolve, reject });
    // In a later turn: what arrives in the same moment goes into the first query too.
    if (!isRunning) {
      isRunning = true;
      queueMicrotask(run);
    }
    return promise;
  };
}
