import type { Policy } from "@waxseal/mta-sts";
import { formatDuration } from "../../format/durations.ts";
import { POLICY_MODE_WORDS } from "../../format/policy-modes.ts";

/** What a new policy changes for senders, a sentence each; empty when nothing does. `before` is null for the first one. */
export function describePolicyChange(before: Policy | null, after: Policy): string[] {
  if (!before)
    return [
      `The first policy: ${POLICY_MODE_WORDS[after.mode].name}. ${POLICY_MODE_WORDS[after.mode].detail}`,
    ];
  const added = after.mx.filter((pattern) => !before.mx.includes(pattern));
  const removed = before.mx.filter((pattern) => !after.mx.includes(pattern));
  return [
    ...(after.mode === before.mode ? [] : [describeMode(before, after)]),
    ...(added.length > 0 ? [`Allowed from now on: ${added.join(", ")}.`] : []),
    ...(removed.length > 0 ? [`No longer allowed: ${removed.join(", ")}.`] : []),
    ...(after.maxAgeSeconds === before.maxAgeSeconds ? [] : [describeMaxAge(before, after)]),
  ];
}

function describeMode(before: Policy, after: Policy): string {
  const { name, detail } = POLICY_MODE_WORDS[after.mode];
  return `Mode changes from ${POLICY_MODE_WORDS[before.mode].name} to ${name}. ${detail}`;
}

function describeMaxAge(before: Policy, after: Policy): string {
  return `Senders remember it for ${formatDuration(after.maxAgeSeconds)} instead of ${formatDuration(before.maxAgeSeconds)}.`;
}
