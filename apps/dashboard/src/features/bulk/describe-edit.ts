import type { PolicyEdit } from "../../api/policy-changes.ts";
import { formatDuration } from "../../format/durations.ts";
import { POLICY_MODE_WORDS } from "../../format/policy-modes.ts";

/** A change to policies in a few words, e.g. "Enforce, remembered for 2 weeks, plus mx.example.com". */
export function describeEdit({ mode, maxAgeSeconds, addMx, removeMx }: PolicyEdit): string {
  return [
    mode && POLICY_MODE_WORDS[mode].name,
    maxAgeSeconds !== undefined && `remembered for ${formatDuration(maxAgeSeconds)}`,
    addMx.length > 0 && `plus ${addMx.join(", ")}`,
    removeMx.length > 0 && `without ${removeMx.join(", ")}`,
  ]
    .filter(Boolean)
    .join(", ");
}
