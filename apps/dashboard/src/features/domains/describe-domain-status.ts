import type { DomainStatus, SetupRecordState } from "../../api/contract.ts";
import type { Tone } from "../../ui/Status.tsx";

type StatusWord = { tone: Tone; word: string };

/** A domain's status as a word and a shape. */
export function describeDomainStatus({
  status,
  problem,
}: {
  status: DomainStatus;
  problem: boolean;
}): StatusWord {
  if (status === "active") {
    return problem ? { tone: "bad", word: "Needs attention" } : { tone: "good", word: "Active" };
  }
  if (status === "pending") {
    return problem ? { tone: "notice", word: "Setup stuck" } : { tone: "working", word: "Setting up" };
  }
  return status === "leaving" ? { tone: "working", word: "Turning off" } : { tone: "idle", word: "Off" };
}

/** The state of one DNS record as a word and a shape. */
export const SETUP_STATE_WORDS = {
  unchecked: { tone: "working", word: "Not checked yet" },
  missing: { tone: "idle", word: "Missing" },
  wrong: { tone: "notice", word: "Wrong" },
  correct: { tone: "good", word: "Correct" },
  unreachable: { tone: "notice", word: "DNS did not answer" },
} satisfies Record<SetupRecordState, StatusWord>;
