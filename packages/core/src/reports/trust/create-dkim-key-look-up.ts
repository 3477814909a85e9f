import type { Resolver } from "@waxseal/probes";

/** Looks up a DKIM key record the way mailauth asks for it: `TXT` strings, or an error with a `code`. */
export type DkimKeyLookUp = (name: string, type: string) => Promise<string[][]>;

type Cached = { until: number; answer: Promise<string[][]> };

const FOUND_MS = 10 * 60 * 1000;
const MISSING_MS = 60 * 1000;
/** Just long enough that a wave of reports from one sender does not wait for a dead server once for each. */
const FAILED_MS = 10 * 1000;
const MAX_CACHED = 5_000;

/**
 * A cached look-up of DKIM keys for TLS reports.
 *
 * A key with a service type is accepted exactly if it names `tlsrpt` or `*`. A key is remembered for ten minutes, what
 * does not exist for one, a failed look-up, which rejects with `ETIMEOUT`, for ten seconds. `steadyMs` is a clock that is never set.
 *
 * RFC 8460 §3, RFC 6376 §3.6.1
 */
export function createDkimKeyLookUp(
  resolver: Pick<Resolver, "resolveTxt">,
  steadyMs: () => number = () => performance.now(),
): DkimKeyLookUp {
  const cache = new Map<string, Cached>();
  return (name) => {
    const key = name.toLowerCase();
    const known = cache.get(key);
    if (known && known.until > steadyMs()) return known.answer;
    const answer = lookUp(resolver, key);
    cache.delete(key);
    const [oldest] = cache.keys();
    if (cache.size >= MAX_CACHED && oldest !== undefined) cache.delete(oldest);
    const entry: Cached = { until: steadyMs() + FOUND_MS, answer };
    cache.set(key, entry);
    answer.catch((error: unknown) => {
      entry.until = steadyMs() + (isMissing(error) ? MISSING_MS : FAILED_MS);
    });
    return answer;
  };
}

async function lookUp(resolver: Pick<Resolver, "resolveTxt">, name: string): Promise<string[][]> {
  const answer = await resolver.resolveTxt(name);
  if ("found" in answer) return answer.found.map((strings) => [asMailKey(strings.join(""))]);
  if (answer.missing === "no-domain" || answer.missing === "bad-name")
    throw failure("ENOTFOUND", answer.detail);
  if (answer.missing === "no-record") throw failure("ENODATA", answer.detail);
  throw failure("ETIMEOUT", answer.detail);
}

/** mailauth knows the service type `email` only: ours is put in its place, and `email` is taken away. */
function asMailKey(record: string): string {
  return record.replace(
    /(^|;)(\s*)s(\s*)=([^;]*)/,
    (_match, before: string, a: string, b: string, list: string) => {
      const services = list.split(":").map((service) => service.trim().toLowerCase());
      return `${before}${a}s${b}=${services.includes("tlsrpt") || services.includes("*") ? "*" : "other"}`;
    },
  );
}

function failure(code: string, detail: string): Error {
  return Object.assign(new Error(detail), { code });
}

function isMissing(error: unknown): boolean {
  return (
    error instanceof Error && "code" in error && (error.code === "ENOTFOUND" || error.code === "ENODATA")
  );
}
