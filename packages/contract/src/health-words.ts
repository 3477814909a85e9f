import type { HealthState } from "./health-shapes.ts";

/** The states of a domain's health in words, the worst first. */
export const HEALTH_WORDS: Readonly<Record<HealthState, string>> = {
  "mail-failing": "Failing",
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

/**
 * What failing domains mean for mail, in one sentence about an account.
 *
 * `refusing`: those of the failing domains whose policy is enforced; senders still deliver the mail of the others.
 */
export function describeFailingDomains({
  failing,
  refusing,
  domains,
}: {
  failing: number;
  refusing: number;
  domains: number;
}): string {
  const delivered = failing - refusing;
  if (refusing === 0)
    return `Encryption checks fail for ${partOf(failing, domains)}; senders still deliver ${failing === 1 ? "its" : "their"} mail.`;
  const failed = `Mail is failing for ${partOf(refusing, domains)}`;
  if (delivered === 0) return `${failed}.`;
  return `${failed}; for ${count(delivered)} more, encryption checks fail but senders still deliver.`;
}

/** “3 of 5 domains”; of one domain “1 domain”. */
function partOf(part: number, all: number): string {
  return all === 1 ? "1 domain" : `${count(part)} of ${count(all)} domains`;
}

function count(number: number): string {
  return number.toLocaleString("en-US");
}
