import type { Tone } from "../ui/Status.tsx";
import type { IncidentView } from "./contract.ts";

/** A severity as word and shape. */
export const SEVERITIES: Record<IncidentView["severity"], { word: string; tone: Tone }> = {
  critical: { word: "Critical", tone: "bad" },
  warning: { word: "Warning", tone: "notice" },
  notice: { word: "Notice", tone: "idle" },
};

/** What an incident is now: over, looked after, or how bad. */
export function stateOf(incident: Pick<IncidentView, "state" | "severity" | "acknowledgedAt">): {
  word: string;
  tone: Tone;
} {
  if (incident.state === "resolved") return { word: "Resolved", tone: "good" };
  const { word, tone } = SEVERITIES[incident.severity];
  return { word: incident.acknowledgedAt ? `${word}, acknowledged` : word, tone };
}
