import { DAY_MS } from "@waxseal/runtime/time-spans";
import { findMailProvider } from "../domains/find-mail-provider.ts";
import type { Finding } from "./judge-domain.ts";

type Severity = Finding["severity"];
type Certificate = { mxHost: string; notBefore: Date | null; notAfter: Date };

/** Certificates that live no longer are renewed late as a matter of course. */
const SHORT_LIFE_MS = 47 * DAY_MS;

/** How long before its end a mail host's certificate is worth which notice, the longest first. Providers renew late, and on their own. */
export function expirySteps({
  mxHost,
  notBefore,
  notAfter,
}: Certificate): [ms: number, severity: Severity][] {
  const lifeMs = notBefore ? notAfter.getTime() - notBefore.getTime() : Infinity;
  const isShort = lifeMs <= SHORT_LIFE_MS;
  const isProvider = findMailProvider(mxHost) !== undefined;
  if (isShort) {
    const first: [number, Severity][] = isProvider ? [] : [[lifeMs / 4, "notice"]];
    return [...first, [lifeMs / 8, "warning"], [0, "critical"]];
  }
  const early: [number, Severity][] = isProvider
    ? [[3 * DAY_MS, "warning"]]
    : [
        [14 * DAY_MS, "notice"],
        [7 * DAY_MS, "warning"],
      ];
  return [...early, [DAY_MS, "critical"]];
}

/** The step that is reached now, and when it was; undefined while there is time enough. */
export function expiryAt(
  certificate: Certificate,
  now: Date,
): { severity: Severity; since: Date } | undefined {
  const endMs = certificate.notAfter.getTime();
  const reached = expirySteps(certificate).filter(([ms]) => endMs - now.getTime() <= ms);
  const [first, last] = [reached[0], reached.at(-1)];
  return first && last ? { severity: last[1], since: new Date(endMs - first[0]) } : undefined;
}
