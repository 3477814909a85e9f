import type { Database, Incident, IncidentAlert, Transaction } from "@waxseal/db";
import { worstOf } from "./alert-change.ts";
import { describeIncident, type IncidentWords } from "./describe-incident.ts";
import { deadReceiverOf } from "./judge-receivers.ts";

/** An incident with its domains, as people are shown it. */
export type LoadedIncident = IncidentWords & {
  incident: Incident;
  /** Whether senders enforce a policy of one of the domains. */
  isEnforced: boolean;
  /** Open alerts first, worst first; all of them once it is over. */
  alerts: readonly IncidentAlert[];
  /** Names of the accounts that the domains belong to, other than the incident's own. */
  customers: ReadonlyMap<string, string>;
};

/** Some incidents of one account with their words, in the order given. */
export async function loadIncidents(
  db: Database | Transaction,
  accountId: string,
  incidents: readonly Incident[],
): Promise<LoadedIncident[]> {
  const rows = await db.incidentAlert.findMany({
    where: { accountId, incidentId: { in: incidents.map(({ id }) => id) } },
    orderBy: [{ openedAt: "asc" }, { domain: "asc" }, { alertId: "asc" }],
  });
  const enforced = await findEnforced(db, rows);
  const ownerIds = [...new Set(rows.map(({ ownerId }) => ownerId).filter((id) => id !== accountId))];
  const owners = await db.organization.findMany({
    where: { id: { in: ownerIds } },
    select: { id: true, name: true },
  });
  const customers = new Map(owners.map(({ id, name }) => [id, name]));
  const rank = ({ severity }: IncidentAlert) =>
    ["critical", "warning", "notice"].indexOf(worstOf([severity]));
  return incidents.map((incident) => {
    const all = rows.filter(({ incidentId }) => incidentId === incident.id);
    const open = all.filter(({ resolvedAt }) => resolvedAt === null);
    const alerts = (incident.resolvedAt ? all : open).toSorted((one, other) => rank(one) - rank(other));
    const isEnforced = alerts.some(({ domainId }) => domainId !== null && enforced.has(domainId));
    return { incident, alerts, customers, isEnforced, ...describeIncident(alerts, isEnforced) };
  });
}

/** Domains whose served policy is in mode enforce. */
async function findEnforced(
  db: Database | Transaction,
  alerts: readonly IncidentAlert[],
): Promise<ReadonlySet<string>> {
  const ids = [...new Set(alerts.flatMap(({ domainId }) => domainId ?? []))];
  const domains = await db.domain.findMany({
    where: { accountId: { in: alerts.map(({ ownerId }) => ownerId) }, id: { in: ids } },
    select: { accountId: true, id: true, servedVersion: true },
  });
  const versions = await db.policyVersion.findMany({
    where: {
      OR: domains.flatMap(({ accountId, id: domainId, servedVersion: version }) =>
        version === null ? [] : { accountId, domainId, version },
      ),
      mode: "enforce",
    },
    select: { domainId: true },
  });
  return new Set(versions.map(({ domainId }) => domainId));
}

/** Alerts about domains; others are about a channel or a mailbox. */
export function alertsOfDomains(alerts: readonly IncidentAlert[]): IncidentAlert[] {
  return alerts.filter(({ evidence }) => !deadReceiverOf(evidence));
}

/** How many different domains some alerts are about. */
export function countDomains(alerts: readonly IncidentAlert[]): number {
  const named = alertsOfDomains(alerts).map(
    ({ ownerId, domainId, domain }) => `${ownerId} ${domainId ?? domain}`,
  );
  return new Set(named).size;
}
