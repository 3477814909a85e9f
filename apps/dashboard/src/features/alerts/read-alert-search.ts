import type { IncidentState } from "../../api/alerts.ts";

/** Which alerts are listed, out of the address; open ones unless it says otherwise. */
export function readAlertSearch(search: Record<string, unknown>): { state?: IncidentState } {
  return search.state === "resolved" ? { state: "resolved" } : {};
}
