import type { DomainSummaryView } from "../../api/contract.ts";
import type { Tone } from "../../ui/Status.tsx";

/** The state of a domain in a list as a word and a shape. */
export function describeRow({ status, problem }: Pick<DomainSummaryView, "status" | "problem">): {
  tone: Tone;
  word: string;
} {
  if (problem) {
    return status === "pending"
      ? { tone: "notice", word: "Setup stuck" }
      : { tone: "bad", word: "Needs attention" };
  }
  return WORDS[status];
}

const WORDS: Record<DomainSummaryView["status"], { tone: Tone; word: string }> = {
  pending: { tone: "working", word: "Setting up" },
  active: { tone: "good", word: "Active" },
  leaving: { tone: "working", word: "Turning off" },
  left: { tone: "idle", word: "Off" },
};
