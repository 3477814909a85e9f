import { DAY_MS, HOUR_MS } from "@waxseal/runtime/time-spans";
import { expirySteps } from "../judging/expiry-steps.ts";
import type { JudgedFacts } from "../judging/judge-domain.ts";
import { dueReportAt } from "../judging/judge-reporting.ts";

const URGENT_MS = 2 * DAY_MS;

/**
 * When time alone may change what is wrong with a domain: a certificate comes near its end, reports are overdue, failures fall out of the
 * days that count. A day later at most, as a net for changes that were missed; spread over an hour, since many domains are judged at once.
 */
export function nextJudgementAt(
  facts: JudgedFacts,
  steps: readonly (Date | null)[],
  now: Date,
  random: number,
): Date {
  const netMs = now.getTime() + DAY_MS + random * HOUR_MS;
  if (facts.status === "left") return new Date(netMs);
  const before = (at: Date | null | undefined, ms: number) => (at ? [at.getTime() - ms] : []);
  const { certificate, mxHosts } = facts;
  const lifeMs = (certificate?.notAfter?.getTime() ?? 0) - (certificate?.notBefore?.getTime() ?? 0);
  const times = [
    ...mxHosts.flatMap(({ mxHost, certificateNotAfter: at, certificateNotBefore: notBefore = null }) =>
      at
        ? [0, ...expirySteps({ mxHost, notBefore, notAfter: at }).map(([ms]) => ms)].flatMap((ms) =>
            before(at, ms),
          )
        : [],
    ),
    ...before(facts.watched?.horizonAt, 0),
    ...[0, URGENT_MS, lifeMs / 6].flatMap((ms) => before(certificate?.notAfter, ms)),
    ...before(dueReportAt(facts), 0),
    ...steps.flatMap((at) => before(at, 0)),
  ];
  return new Date(Math.min(netMs, ...times.filter((at) => at > now.getTime())));
}
