import type { EventKind } from "@waxseal/contract";
import { formatJson, jsonArray, textArray } from "@waxseal/db/arrays";
import type { SqlTransaction } from "@waxseal/db/sql";
import { jobActor } from "../../context.ts";
import { newRowId } from "../../new-row-id.ts";
import type { StoredMessage } from "./store-understood-messages.ts";

/** A line of the timeline that a message may cause; `id` is the line's, and `at` an ISO instant. */
export type ReportEvent = {
  kind: Extract<EventKind, "report.received" | "report.quarantined">;
  accountId: string;
  id: string;
  at: string;
  domainId: string | null;
  data: object;
};

/**
 * Writes to the timeline the first report of a domain ever, and quarantine at most once an hour and domain, in the caller's
 * transaction over state: a stranger who floods an address must not flood the audit log. Safe to repeat.
 */
export async function recordReportEvents(sql: SqlTransaction, events: readonly ReportEvent[]): Promise<void> {
  if (events.length === 0) return;
  const actor = jobActor("report-ingest");
  // Of an account itself, without any domain, only quarantine is written: the index then serves both questions.
  await sql.$executeRaw`
    insert into event (account_id, id, at, actor_kind, actor_id, actor_name, kind, domain_id, data)
    select r.account_id, r.id::uuid, r.at::timestamptz, ${actor.kind}, ${actor.id}, ${actor.name}, r.kind, r.domain_id::uuid, r.data
    from unnest(${textArray(events.map(({ accountId }) => accountId))}::text[], ${textArray(events.map(({ id }) => id))}::text[],
      ${textArray(events.map(({ at }) => at))}::text[], ${textArray(events.map(({ kind }) => kind))}::text[], ${textArray(events.map(({ domainId }) => domainId))}::text[],
      ${jsonArray(events.map(({ data }) => formatJson(data)))}::jsonb[]) as r(account_id, id, at, kind, domain_id, data)
    where not exists (
        select 1 from event e
        where e.account_id = r.account_id and e.domain_id = r.domain_id::uuid and e.kind = r.kind
          and (r.kind = 'report.received' or e.at > r.at::timestamptz - interval '1 hour')
      )
      and not exists (
        select 1 from event e
        where r.domain_id is null and e.account_id = r.account_id and e.domain_id is null and e.kind = r.kind
          and e.at > r.at::timestamptz - interval '1 hour'
      )
    on conflict (account_id, id) do nothing`;
}

/** Lists the lines that messages may cause: one of a kind for each domain. */
export function listReportEvents(stored: readonly StoredMessage[], at: Date): ReportEvent[] {
  const events = new Map<string, ReportEvent>();
  const addOnce = (event: Omit<ReportEvent, "id" | "at">) => {
    const key = `${event.kind} ${event.accountId} ${event.domainId}`;
    if (!events.has(key)) events.set(key, { ...event, id: newRowId(at), at: at.toISOString() });
  };
  for (const { accountId, messageId, domainId: ofMessage, domainIds, state, problem } of stored) {
    for (const domainId of domainIds) {
      addOnce({ kind: "report.received", accountId, domainId, data: { messageId } });
    }
    if (state === "quarantined") {
      addOnce({
        kind: "report.quarantined",
        accountId,
        domainId: ofMessage,
        data: { messageId, ...problem },
      });
    }
  }
  return [...events.values()];
}
