import type { SetupRecordState } from "../../api/contract.ts";
import type { Tone } from "../../ui/Status.tsx";

type StatusWord = { tone: Tone; word: string };

/** The state of one DNS record as a word and a shape. */
export const SETUP_STATE_WORDS = {
  unchecked: { tone: "working", word: "Not checked yet" },
  missing: { tone: "idle", word: "Missing" },
  wrong: { tone: "notice", word: "Wrong" },
  correct: { tone: "good", word: "Correct" },
  unreachable: { tone: "notice", word: "DNS did not answer" },
} satisfies Record<SetupRecordState, StatusWord>;
