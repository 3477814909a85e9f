import type { DomainView } from "../../api/contract.ts";
import { Notice } from "../../ui/Notice.tsx";

/** MX hosts that no policy may list, each with what to change. Nothing while there are none. */
export function UnusableMx({ domain }: { domain: DomainView }) {
  const unusable = domain.mx.filter(({ problem }) => problem !== null);
  if (unusable.length === 0) return null;
  return (
    <Notice
      tone="bad"
      title={`MTA-STS cannot work with ${unusable.length === 1 ? "this mail host" : "these mail hosts"}`}
    >
      {unusable.map(({ mxHost, problem }) => (
        <p key={mxHost}>{problem}</p>
      ))}
      <p>Until then, stay in mode testing: in mode enforce, senders would not deliver to such a host.</p>
    </Notice>
  );
}
