import { AppError } from "@waxseal/core";
import type { FetchServedPolicy } from "@waxseal/core/policies";
import type { FetchedPolicy } from "@waxseal/probes";

const KEPT_MS = 5_000;
const MAX_KEPT = 200;

/** A fetcher that asks for one domain once in five seconds, however many look, and remembers at most 200 domains. */
export function createServedFetcher(fetch: (domain: string) => Promise<FetchedPolicy>): FetchServedPolicy {
  const kept = new Map<string, ReturnType<FetchServedPolicy>>();
  return async (domain) => {
    const same = kept.get(domain);
    if (same) return same;
    if (kept.size >= MAX_KEPT) {
      throw new AppError(
        "limit_reached",
        "Many policies are being fetched right now. Try again in a moment.",
        { reason: "too_many_at_once" },
      );
    }
    const answer = fetch(domain).then((fetched) => ({ fetched, fetchedAt: new Date() }));
    kept.set(domain, answer);
    const forget = () => setTimeout(() => kept.delete(domain), KEPT_MS).unref();
    answer.then(forget, forget);
    return answer;
  };
}
