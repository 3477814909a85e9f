import type { AlertSeverity, IncidentView } from "@waxseal/contract";
import type { z } from "zod";
import { describeIncident } from "./describe-incident.ts";
import { alertsOfDomains, countDomains, type LoadedIncident } from "./load-incident.ts";

/** An incident as the API shows it, with at most `maxDomains` of its domains. */
export function presentIncident(loaded: LoadedIncident, maxDomains: number): z.infer<typeof IncidentView> {
  const { incident, alerts, customers, isEnforced, title, text, action } = loaded;
  const { id, condition, acknowledgedBy, note } = incident;
  return {
    ...{ id, title, text, action, condition, acknowledgedBy, note },
    severity: incident.severity as AlertSeverity,
    state: incident.resolvedAt ? "resolved" : "open",
    openedAt: incident.openedAt.toISOString(),
    resolvedAt: incident.resolvedAt?.toISOString() ?? null,
    acknowledgedAt: incident.acknowledgedAt?.toISOString() ?? null,
    snoozedUntil: incident.snoozedUntil?.toISOString() ?? null,
    isNotUseful: incident.notUsefulAt !== null,
    domainCount: countDomains(alerts),
    domains: alertsOfDomains(alerts)
      .slice(0, maxDomains)
      .map((alert) => ({
        domainId: alert.domainId,
        accountId: alert.ownerId,
        customer: customers.get(alert.ownerId) ?? null,
        domain: alert.domain,
        condition: alert.condition,
        subject: alert.subject,
        text: describeIncident([alert], isEnforced).text,
        resolvedAt: alert.resolvedAt?.toISOString() ?? null,
      })),
  };
}
