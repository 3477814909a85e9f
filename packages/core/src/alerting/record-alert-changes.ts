import type { Incident, Prisma, Transaction } from "@waxseal/db";
import { newRowId } from "../new-row-id.ts";
import { type AlertChange, readSeverity, worstOf } from "./alert-change.ts";
import { causeKeyOf } from "./cause-key.ts";
import { queueClosing, queueOpening } from "./queue-messages.ts";
import { MENTIONED_ONCE } from "./watched-words.ts";

type Cause = {
  /** The account that sees the incident. */
  accountId: string;
  /** The account that the domains belong to. */
  ownerId: string;
  now: Date;
};

/**
 * Turns changed alerts into incidents of the accounts they belong to and of those accounts' providers, and into messages to those who are
 * to hear of them, all in the caller's transaction: none of it exists without the change.
 *
 * Alerts of one cause are one incident, whatever domains and customers they are of. A cause that was there before the domain was first
 * judged is an incident without messages.
 */
export async function recordAlertChanges(
  tx: Transaction,
  changes: readonly AlertChange[],
  now: Date,
): Promise<void> {
  const byOwner = Map.groupBy(changes, ({ alert }) => alert.accountId);
  const owners = await tx.organization.findMany({
    where: { id: { in: [...byOwner.keys()] } },
    select: { id: true, parentId: true },
    orderBy: { id: "asc" },
  });
  // One writer per provider: customers share its incidents, and a transaction may hold changes of several.
  for (const family of [...new Set(owners.map(({ id, parentId }) => parentId ?? id))].sort()) {
    await tx.$executeRaw`select pg_advisory_xact_lock(hashtextextended(${`incidents of ${family}`}, 0))`;
  }
  for (const { id: ownerId, parentId } of owners) {
    for (const accountId of parentId ? [ownerId, parentId] : [ownerId]) {
      await recordForAccount(tx, { accountId, ownerId, now }, byOwner.get(ownerId) ?? []);
    }
  }
}

async function recordForAccount(
  tx: Transaction,
  cause: Cause,
  changes: readonly AlertChange[],
): Promise<void> {
  const opened = changes.filter(({ kind }) => kind === "opened");
  const causes = Map.groupBy(opened, ({ alert }) => causeKeyOf(alert));
  for (const [causeKey, ofCause] of causes) await recordOpened(tx, cause, causeKey, ofCause);
  await recordOthers(
    tx,
    cause,
    changes.filter(({ kind }) => kind !== "opened"),
  );
}

async function recordOpened(
  tx: Transaction,
  { accountId, ownerId, now }: Cause,
  causeKey: string,
  changes: readonly AlertChange[],
): Promise<void> {
  const incident = await lockOpenIncident(tx, { accountId, causeKey, now }, changes);
  const names = await loadNames(tx, ownerId, changes);
  await tx.incidentAlert.createMany({
    data: changes.map(({ alert }) => ({
      ...{
        accountId,
        ownerId,
        incidentId: incident.id,
        alertId: alert.id,
        domainId: alert.domainId,
        openedAt: now,
      },
      ...{ condition: alert.condition, subject: alert.subject, severity: readSeverity(alert.severity) },
      ...{ domain: names.get(alert.domainId ?? "") ?? alert.subject, evidence: asJson(alert.evidence) },
    })),
    skipDuplicates: true,
  });
  const isWorse = await refreshIncident(tx, incident);
  if (changes.every(({ isKnown }) => isKnown)) return;
  await queueOpening(tx, { accountId, incidentId: incident.id, isWorse }, now);
}

/** Alerts that ended, and alerts whose severity changed: of incidents that have them. */
async function recordOthers(tx: Transaction, cause: Cause, changes: readonly AlertChange[]): Promise<void> {
  if (changes.length === 0) return;
  const { accountId, ownerId, now } = cause;
  const alertIds = changes.map(({ alert }) => alert.id);
  const rows = await tx.incidentAlert.findMany({
    where: { accountId, ownerId, alertId: { in: alertIds }, resolvedAt: null },
    orderBy: { incidentId: "asc" },
  });
  for (const incidentId of new Set(rows.map((row) => row.incidentId))) {
    const incident = await lockIncident(tx, accountId, incidentId);
    if (!incident) continue;
    for (const { kind, alert } of changes) {
      await tx.incidentAlert.updateMany({
        where: { accountId, incidentId, ownerId, alertId: alert.id },
        data: {
          ...{ severity: readSeverity(alert.severity), evidence: asJson(alert.evidence) },
          ...(kind === "resolved" && { resolvedAt: now }),
        },
      });
    }
    const isWorse = await refreshIncident(tx, incident);
    await closeWhenOver(tx, { accountId, incidentId }, now);
    if (isWorse) await queueOpening(tx, { accountId, incidentId, isWorse }, now);
  }
}

/** Ends an incident none of whose alerts is open, and queues its end for those who heard of it. The incident is locked by the caller. */
async function closeWhenOver(
  tx: Transaction,
  { accountId, incidentId }: { accountId: string; incidentId: string },
  now: Date,
): Promise<void> {
  const open = await tx.incidentAlert.count({ where: { accountId, incidentId, resolvedAt: null } });
  if (open > 0) return;
  await tx.incident.updateMany({ where: { accountId, id: incidentId }, data: { resolvedAt: now } });
  const where = { accountId, incidentId, condition: { notIn: [...MENTIONED_ONCE] } };
  if ((await tx.incidentAlert.count({ where })) > 0) await queueClosing(tx, { accountId, incidentId }, now);
}

/** The open incident of a cause, made if there is none, and locked: what people write at it waits. */
async function lockOpenIncident(
  tx: Transaction,
  { accountId, causeKey, now }: { accountId: string; causeKey: string; now: Date },
  changes: readonly AlertChange[],
): Promise<Incident> {
  const { condition, subject } = changes[0]?.alert ?? { condition: "", subject: "" };
  const open = await tx.incident.findFirst({ where: { accountId, causeKey, resolvedAt: null } });
  const locked = open && (await lockIncident(tx, accountId, open.id));
  const data = {
    accountId,
    id: newRowId(now),
    causeKey,
    condition,
    subject,
    severity: "notice",
    openedAt: now,
  };
  return locked ?? tx.incident.create({ data });
}

async function lockIncident(tx: Transaction, accountId: string, id: string): Promise<Incident | null> {
  await tx.$queryRaw`select 1 from incident where account_id = ${accountId} and id = ${id}::uuid for update`;
  return tx.incident.findFirst({ where: { accountId, id, resolvedAt: null } });
}

/** Names the incident after its worst open alert; whether it became worse than it ever was. */
async function refreshIncident(tx: Transaction, { accountId, id, severity }: Incident): Promise<boolean> {
  const alerts = await tx.incidentAlert.findMany({
    where: { accountId, incidentId: id, resolvedAt: null },
    orderBy: [{ openedAt: "asc" }, { alertId: "asc" }],
  });
  const worst = worstOf(alerts.map((alert) => alert.severity));
  const first = alerts.find((alert) => alert.severity === worst);
  if (!first) return false;
  const highest = worstOf([worst, severity]);
  const { condition, subject } = first;
  await tx.incident.updateMany({ where: { accountId, id }, data: { severity: highest, condition, subject } });
  return highest !== severity;
}

async function loadNames(tx: Transaction, accountId: string, changes: readonly AlertChange[]) {
  const ids = changes.flatMap(({ alert }) => alert.domainId ?? []);
  const rows = await tx.domain.findMany({
    where: { accountId, id: { in: ids } },
    select: { id: true, domain: true },
  });
  return new Map(rows.map(({ id, domain }) => [id, domain]));
}

function asJson(value: unknown): Prisma.InputJsonObject {
  return JSON.parse(JSON.stringify(value ?? {}));
}
