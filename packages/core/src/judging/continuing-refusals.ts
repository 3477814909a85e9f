import { NOT_IN_POLICY, type PolicySimulation, type RefusalCause } from "./simulate-policy.ts";

/** Fewer refused sessions, or a smaller share, would not hold back much mail. */
const REFUSED_SESSIONS = 3;
const REFUSED_SHARE = 0.005;

/** Whether these causes alone would hold back enough mail to act on. */
export function isMuchRefused(
  causes: readonly RefusalCause[],
  { sessions, refusedSessions }: Pick<PolicySimulation, "sessions" | "refusedSessions">,
): boolean {
  const named = causes.reduce((sum, cause) => sum + cause.sessions, 0);
  const refused = Math.min(named, refusedSessions);
  return refused >= REFUSED_SESSIONS && refused / Math.max(1, sessions) >= REFUSED_SHARE;
}

const CAUSES: Record<string, string> = {
  "starttls-not-supported": "no encryption offered",
  "certificate-expired": "expired certificate",
  "certificate-host-mismatch": "certificate for another name",
  "certificate-not-trusted": "untrusted certificate",
  "validation-failure": "failed validation",
  [NOT_IN_POLICY]: "host not in the policy",
};

/** A cause in a few words, with its MX host when the reports name one. */
export function nameCause({ resultType, mxHost }: Pick<RefusalCause, "resultType" | "mxHost">): string {
  return `${CAUSES[resultType] ?? resultType}${mxHost ? ` at ${mxHost}` : ""}`;
}
