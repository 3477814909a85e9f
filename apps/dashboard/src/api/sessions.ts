import { queryOptions } from "@tanstack/react-query";
import { api } from "./client.ts";
import type { SessionListView } from "./contract.ts";

/** Where one is signed in. */
export const sessionsQuery = queryOptions({
  queryKey: ["sessions"],
  queryFn: () => api.get<SessionListView>("/me/sessions"),
});

export function endSession(id: string) {
  return api.delete(`/me/sessions/${encodeURIComponent(id)}`);
}

export function endOtherSessions() {
  return api.delete("/me/sessions");
}
