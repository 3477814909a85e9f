import { healthWord } from "@waxseal/contract/health-words";
import type { Tone } from "../ui/Status.tsx";
import type { DomainSummaryView, HealthState } from "./contract.ts";

const TONES: Readonly<Record<HealthState, Tone>> = {
  "mail-failing": "bad",
  "at-risk": "notice",
  "needs-action": "notice",
  waiting: "waiting",
  working: "working",
  good: "good",
  off: "idle",
};

/** How a domain is doing as a word and a shape, the same on every list and page. */
export function describeHealth(row: Pick<DomainSummaryView, "status" | "health">): {
  tone: Tone;
  word: string;
} {
  return { tone: TONES[row.health.state], word: healthWord(row) };
}
