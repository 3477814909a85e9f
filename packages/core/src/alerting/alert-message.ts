import type { AlertSeverity, NotificationKind } from "@waxseal/contract";
import { isWatchedCode } from "../judging/describe-watched.ts";
import { alertsOfDomains, countDomains, type LoadedIncident } from "./load-incident.ts";
import { WATCHED_WORDS } from "./watched-words.ts";

/** A message about an incident, before it gets the shape of a channel. */
export type AlertMessage = {
  /** The same at every attempt, so that receivers can drop copies. */
  id: string;
  kind: NotificationKind;
  /** Null: a test, or a message about several incidents or a channel. */
  incidentId: string | null;
  severity: AlertSeverity;
  condition: string | null;
  title: string;
  text: string;
  action: string | null;
  domains: readonly { id: string | null; domain: string; customer: string | null }[];
  domainCount: number;
  openedAt: Date | null;
  resolvedAt: Date | null;
  note: string | null;
  url: string;
};

/** Domains that one message names. */
const MAX_DOMAINS = 50;

/** What a message of this kind says of an incident. */
export function composeAlertMessage(
  { id, kind }: { id: string; kind: NotificationKind },
  loaded: LoadedIncident,
  publicUrl: string,
): AlertMessage {
  const { incident, alerts, customers } = loaded;
  const isOver = incident.resolvedAt !== null && kind === "resolved";
  const unique = new Map(
    alertsOfDomains(alerts).map((alert) => [`${alert.ownerId} ${alert.domainId ?? alert.domain}`, alert]),
  );
  return {
    ...{ id, kind, incidentId: incident.id, condition: incident.condition },
    severity: incident.severity as AlertSeverity,
    title: loaded.title,
    text: isOver
      ? `This is over. ${overOf(incident.condition) ?? "The problem was not seen again."}`
      : loaded.text,
    action: isOver ? null : loaded.action,
    domains: [...unique.values()].slice(0, MAX_DOMAINS).map(({ domainId, domain, ownerId }) => ({
      ...{ id: domainId, domain, customer: customers.get(ownerId) ?? null },
    })),
    domainCount: countDomains(alerts),
    openedAt: incident.openedAt,
    resolvedAt: incident.resolvedAt,
    note: incident.note,
    url: `${publicUrl}/a/${encodeURIComponent(incident.accountId)}/alerts/${incident.id}`,
  };
}

const OVER: Record<string, string> = {
  "cname.missing": "The DNS record is there again.",
  "cname.wrong": "The DNS record points to us again.",
  "mx.uncovered": "All hosts that receive mail are in the policy.",
  "mx.badTls": "The mail host offers encryption with a valid certificate again.",
  "mx.expiring": "The certificate was renewed.",
  "dane.broken": "The TLSA record matches the certificate again.",
  "host.certificate": "The policy certificate was renewed.",
  "publish.stuck": "The newest policy is live.",
  "failures.up": "Senders report no more failures of this kind.",
  "reports.silent": "Reports arrive again.",
  "channel.dead": "Alerts are sent there again, or it was removed.",
};

function overOf(condition: string): string | undefined {
  return isWatchedCode(condition) ? WATCHED_WORDS[condition].over : OVER[condition];
}

/** What goes before the title, by kind. */
const PREFIXES: Partial<Record<NotificationKind, string>> = {
  resolved: "Resolved: ",
  reminder: "Still open: ",
  worse: "Worse now: ",
  changed: "More domains: ",
};

/** The subject of a message: no figures and no time, so that copies of it are found together. */
export function subjectOf({ kind, title }: Pick<AlertMessage, "kind" | "title">): string {
  return `${PREFIXES[kind] ?? ""}${title}`;
}

/** The domains in a line, with how many are not named. */
export function listDomains({ domains, domainCount }: AlertMessage, limit: number): string {
  const named = domains
    .slice(0, limit)
    .map(({ domain, customer }) => (customer ? `${domain} (${customer})` : domain));
  const more = domainCount - named.length;
  return `${named.join(", ")}${more > 0 ? ` and ${more} more` : ""}`;
}
