import type { DomainView } from "../../api/contract.ts";
import { Instant } from "../../ui/Instant.tsx";
import { Notice } from "../../ui/Notice.tsx";

/** How far turning off has come, and when the records may be deleted. */
export function LeavingPanel({ domain }: { domain: DomainView }) {
  const names = domain.setup.map((record) => record.name);
  if (domain.status === "left") {
    return (
      <Notice tone="good" title="You may delete the three CNAME records now">
        No sender remembers a policy of {domain.domain} any more. Delete:
        <ul>
          {names.map((name) => (
            <li key={name}>
              <code>{name}</code>
            </li>
          ))}
        </ul>
        Should you want it back, add the domain again: the same three records will do.
      </Notice>
    );
  }
  return (
    <Notice tone="notice" title="Leave the DNS records in place for now">
      A policy of mode none is being served, so that senders forget the older one.{" "}
      {domain.cacheHorizonAt ? (
        <>
          The last sender that may remember an older policy forgets it on{" "}
          <strong>
            <Instant at={domain.cacheHorizonAt} exact />
          </strong>
          . After that we tell you here that the records may be deleted.
        </>
      ) : (
        "We tell you here when the records may be deleted."
      )}
    </Notice>
  );
}
