import type { EventView } from "../../api/contract.ts";

/** What an event says, and on demand all that was recorded, with what was there before. */
export function AuditChange({ event }: { event: EventView }) {
  return (
    <>
      {event.text}
      {Object.keys(event.data).length > 0 && (
        <details>
          <summary>Details</summary>
          <pre>{JSON.stringify(event.data, null, 2)}</pre>
        </details>
      )}
    </>
  );
}
