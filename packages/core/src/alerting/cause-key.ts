import { findMailProvider } from "../domains/find-mail-provider.ts";
import type { ChangedAlert } from "./alert-change.ts";
import { deadReceiverOf } from "./judge-receivers.ts";

/**
 * What an alert has in common with others of the same cause: the mail host, or its provider and the fault, for all domains that use it;
 * else the domain. Holds codes and names only, never a time, a count or a sentence, so that it stays the same while the cause does.
 */
export function causeKeyOf({ condition, subject, domainId, evidence }: ChangedAlert): string {
  if (condition === "channel.dead") return `channel:${deadReceiverOf(evidence)?.id ?? subject}`;
  if (condition === "mx.changed") return `mx:${domainId ?? subject}`;
  if (condition === "mx.migration") return `policy:${subject}`;
  // One sender's silence, and senders that cannot reach us, are the same thing for all domains.
  if (condition === "reporter.silent") return `reporter:${subject}`;
  if (condition === "host.refused") return "policy-host:refused";
  const host = mxHostOf(condition, subject, evidence);
  if (host === undefined) return `${condition.split(".")[0]}:${domainId ?? subject}`;
  if (condition === "mx.uncovered") return `policy:${host}`;
  const provider = findMailProvider(host)?.name;
  return provider === undefined ? `mx:${host}` : `mx:${provider}:${condition}`;
}

/** The MX host that an alert is about; undefined where it is about something else. */
export function mxHostOf(condition: string, subject: string, evidence: unknown): string | undefined {
  if (condition.startsWith("mx.") || condition === "dane.broken") return subject;
  if (condition !== "failures.up" && condition !== "failures.new") return undefined;
  const cause: unknown = Object(evidence).cause;
  const host: unknown = Object(cause).mxHost;
  return typeof host === "string" ? host : undefined;
}
