import type { ListedCondition } from "@waxseal/core/operating";
import { type DoctorFinding, ok, wrong } from "./doctor-checks.ts";

/** Processes look at themselves each minute. */
const RECENT_MS = 90_000;
const MINUTE_MS = 60_000;

type Condition = Pick<ListedCondition, "subject" | "text" | "seenAt">;

/** What processes reported of themselves and of the installation. What a process said that may have ended is dated. */
export function checkConditions(conditions: readonly Condition[], nowMs: number): DoctorFinding[] {
  const about = "conditions";
  if (conditions.length === 0) return [ok(about, "No process reports a problem, e.g. a wrong clock.")];
  return conditions.map(({ subject, text, seenAt }) => {
    const agoMs = nowMs - seenAt.getTime();
    const isOld = /, process \d+$/.test(subject) && agoMs > RECENT_MS;
    const minutes = Math.round(agoMs / MINUTE_MS);
    return isOld
      ? wrong(
          about,
          `${text} It said so ${minutes} minutes ago, and not since.`,
          "If that process has ended, this goes five minutes after it; run `waxseal doctor` again then.",
        )
      : wrong(about, text, "The runbooks in apps/standalone/monitoring say what to do.");
  });
}
