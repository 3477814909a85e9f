import type { CertificateProblemCode } from "./certificate-problem.ts";

/** Minutes; the last one for ever. It stays far below any CA's limit on failed validations. */
const CA_MINUTES = [
  [1, 1],
  [2, 2],
  [5, 1],
  [10, 3],
  [20, 4],
  [30, 6],
  [60, 3],
  [120, 2],
  [180, 2],
  [360, 1],
].flatMap(([minutes = 0, times = 0]) => Array.from({ length: times }, () => minutes));

/** Our own looks cost no CA anything, and an owner may be watching. */
const FIRST_PREFLIGHT_SECONDS = [3, 5, 10, 20, 30];

/**
 * How long to wait after the `attempts`-th failure in a row (1 is the first), in milliseconds: longer and longer, at most six hours,
 * never less than the CA asked for.
 */
export function orderRetryDelayMs(
  attempts: number,
  problem: { code: CertificateProblemCode; retryAfterMs?: number | undefined },
): number {
  const index = Math.max(attempts - 1, 0);
  const quick = problem.code.startsWith("preflight.") ? FIRST_PREFLIGHT_SECONDS : [];
  const quickSeconds = quick[index];
  const minutes = CA_MINUTES[Math.min(Math.max(index - quick.length, 0), CA_MINUTES.length - 1)] ?? 360;
  const waitMs = quickSeconds === undefined ? minutes * 60_000 : quickSeconds * 1_000;
  return Math.max(waitMs, problem.retryAfterMs ?? 0);
}
