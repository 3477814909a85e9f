import type { HealthState } from "./health-shapes.ts";

/** The states of a domain's health in words, the worst first. */
export const HEALTH_WORDS: Readonly<Record<HealthState, string>> = {
  "mail-failing": "Mail failing",
  "at-risk": "At risk",
  "needs-action": "Action needed",
  waiting: "Waiting for DNS",
  working: "Setting up",
  good: "Good",
  off: "Off",
};

/** How the mail hosts of a domain are, in words. */
export const MX_WORDS = {
  none: "None",
  good: "Good",
  unknown: "Not tested",
  bad: "Failing",
  uncovered: "Not in policy",
} as const;

/** How a domain is doing in a word, the same on every list and page. */
export function healthWord({ health, status }: { health: { state: HealthState }; status: string }): string {
  return health.state === "working" && status === "leaving" ? "Turning off" : HEALTH_WORDS[health.state];
}
