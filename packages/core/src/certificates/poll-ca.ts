import { setTimeout as delay } from "node:timers/promises";
import { CertificateProblem } from "./certificate-problem.ts";

const FIRST_LOOK_MS = 200;
const SLOWEST_LOOK_MS = 5_000;

/**
 * Asks a CA again and again until its answer is final, honouring the pause it asks for.
 *
 * @throws CertificateProblem `ca.slow` – not final within `patienceMs`, or the CA wants a pause that ends later
 *
 * RFC 8555 §7.5.1
 */
export async function pollCa<T extends { retryAfterMs: number | undefined }>(
  ask: () => Promise<T>,
  isFinal: (answer: T) => boolean,
  patienceMs: number,
): Promise<T> {
  const deadlineMs = performance.now() + patienceMs;
  for (let lookMs = FIRST_LOOK_MS; ; lookMs = Math.min(lookMs * 1.6, SLOWEST_LOOK_MS)) {
    const answer = await ask();
    if (isFinal(answer)) return answer;
    const pauseMs = Math.max(lookMs, answer.retryAfterMs ?? 0);
    if (performance.now() + pauseMs > deadlineMs) {
      throw new CertificateProblem(
        "ca.slow",
        "The certificate authority is still working on it. Nothing for you to do.",
        { keepsOrder: true, retryAfterMs: answer.retryAfterMs },
      );
    }
    await delay(pauseMs);
  }
}
