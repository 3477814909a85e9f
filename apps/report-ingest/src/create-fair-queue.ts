type Job = () => Promise<void>;

/** Does work one after another, the keys that have some in turn. */
export type FairQueue = {
  /** Undefined: too much of this key waits already. */
  run<T>(key: string, work: () => Promise<T>): Promise<T> | undefined;
};

/** A queue in which one key's work never waits for more than one piece of each other key. */
export function createFairQueue(maxWaitingPerKey: number): FairQueue {
  const waiting = new Map<string, Job[]>();
  let isRunning = false;

  async function drain(): Promise<void> {
    isRunning = true;
    for (let next = waiting.entries().next().value; next; next = waiting.entries().next().value) {
      const [key, jobs] = next;
      const job = jobs.shift();
      // To the end of the line, or out of it.
      waiting.delete(key);
      if (jobs.length > 0) waiting.set(key, jobs);
      await job?.();
    }
    isRunning = false;
  }

  return {
    run(key, work) {
      const jobs = waiting.get(key) ?? [];
      if (jobs.length >= maxWaitingPerKey) return undefined;
      const { promise, resolve, reject } = Promise.withResolvers<Awaited<ReturnType<typeof work>>>();
      jobs.push(async () => {
        try {
          resolve(await work());
        } catch (error) {
          reject(error);
        }
      });
      waiting.set(key, jobs);
      if (!isRunning) void drain();
      return promise;
    },
  };
}
