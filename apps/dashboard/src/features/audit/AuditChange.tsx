import { Link } from "@tanstack/react-router";
import type { EventView } from "../../api/contract.ts";
import { paths } from "../../paths.ts";

/** What an event says, a link to its domain, and on demand all that was recorded, with what was there before. */
export function AuditChange({ event }: { event: EventView }) {
  return (
    <>
      {event.text}{" "}
      {event.domainId && <Link to={paths.domain({ domainId: event.domainId })}>Open the domain</Link>}
      {Object.keys(event.data).length > 0 && (
        <details>
          <summary>Details</summary>
          <pre>{JSON.stringify(event.data, null, 2)}</pre>
        </details>
      )}
    </>
  );
}
