import { queryOptions } from "@tanstack/react-query";
import { addDays } from "../format/utc-days.ts";
import type { EventListView, IncidentListView } from "./contract.ts";
import { inAccount } from "./in-account.ts";

/** Something that happened on a UTC day and may explain what reports say. */
type ReportMark = { day: string; kind: "policy" | "certificate" | "incident"; words: string };

const MAX_EVENTS = 200;
const STALE_MS = 60_000;

type Range = { from: string; to: string; domainId?: string | undefined };

/** Policies published, certificates renewed and alerts opened in a range of days, of one domain or of all. */
export const reportMarksQuery = ({ from, to, domainId }: Range) =>
  queryOptions({
    queryKey: ["tls-reports", "marks", { from, to, domainId }],
    staleTime: STALE_MS,
    queryFn: async (scope): Promise<ReportMark[]> => {
      const account = inAccount(scope);
      const within = { from: `${from}T00:00:00Z`, to: `${addDays(to, 1)}T00:00:00Z` };
      const events = (kind: string) =>
        account.get<EventListView>("/events", { ...within, domainId, kind, limit: MAX_EVENTS });
      const [policies, certificates, open, resolved] = await Promise.all([
        events("policy.published"),
        events("certificate.issued"),
        account.get<IncidentListView>("/incidents", { state: "open", domainId }),
        account.get<IncidentListView>("/incidents", { state: "resolved", domainId }),
      ]);
      const named = (mark: Omit<ReportMark, "day">, at: string) => ({ ...mark, day: at.slice(0, 10) });
      return [
        ...policies.items.map(({ at, text }) => named({ kind: "policy", words: text }, at)),
        ...certificates.items.map(({ at, text }) => named({ kind: "certificate", words: text }, at)),
        ...[...open.items, ...resolved.items].map(({ openedAt, title }) =>
          named({ kind: "incident", words: `Alert: ${title}` }, openedAt),
        ),
      ].filter(({ day }) => day >= from && day <= to);
    },
  });
