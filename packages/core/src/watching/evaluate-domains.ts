import { type Alert, type Domain, Prisma, reportsWithin, type Transaction } from "@waxseal/db";
import { MINUTE_MS } from "@waxseal/runtime/time-spans";
import type { AlertChange } from "../alerting/alert-change.ts";
import { recordAlertChanges } from "../alerting/record-alert-changes.ts";
import type { ContextSource } from "../context.ts";
import { loadDomainFacts } from "../domains/load-domain-facts.ts";
import { countsForHealth, healthOf } from "../judging/health-of.ts";
import type { Finding, FindingCode, JudgedFacts } from "../judging/judge-domain.ts";
import { measureReadiness } from "../judging/measure-readiness.ts";
import { newRowId } from "../new-row-id.ts";
import { isHeldBack } from "./hold-back.ts";
import type { Readers } from "./load-judged-facts.ts";
import { type Judgement, loadJudgements } from "./load-judgements.ts";
import { lookOf } from "./look-of.ts";
import { nextJudgementAt } from "./next-judgement-at.ts";
import { type AlertState, nextStepAt, stepBad, stepGood } from "./step-alert.ts";
import { storeEvidence, storeFinding } from "./stored-finding.ts";

/** A domain to be judged. */
export type DomainKey = { accountId: string; domainId: string };

type Options = {
  /** A domain that another transaction works on is left for later. */
  skipsLocked?: boolean;
  random?: () => number;
};

type Judged = { row: Domain; alerts: Alert[]; gone: string[]; changes: AlertChange[]; update: DomainUpdate };
type DomainUpdate = DomainKey & {
  health: string;
  healthReason: unknown;
  healthSince: Date | null;
  enforceReadyAt: Date | null;
  judgeAt: Date;
};

/** What is held back is judged again after this time. */
const HELD_MS = 5 * MINUTE_MS;
const TRANSACTION = { maxWait: 10_000, timeout: 30_000 };

/**
 * Judges some domains, of any accounts: what is wrong with each, the alerts that open and resolve by it, and its health, all in one
 * transaction. Safe to run twice and at once: a look counts once. Returns the alerts that changed.
 */
export async function evaluateDomains(
  { db, now }: ContextSource,
  keys: readonly DomainKey[],
  options: Options = {},
): Promise<AlertChange[]> {
  if (keys.length === 0) return [];
  return db.$transaction(
    (tx) => evaluateLocked({ db: tx, reports: reportsWithin(db, tx) }, now(), keys, options),
    TRANSACTION,
  );
}

async function evaluateLocked(
  readers: Readers & { db: Transaction },
  now: Date,
  keys: readonly DomainKey[],
  { skipsLocked = false, random = Math.random }: Options,
): Promise<AlertChange[]> {
  const tx = readers.db;
  const rows = await lockDomains(tx, keys, skipsLocked);
  if (rows.length === 0) return [];
  const accounts = [...new Set(rows.map(({ accountId }) => accountId))];
  const judgements = await loadJudgements(readers, await loadDomainFacts(tx, accounts, rows), now);
  const broken = await listBroken(tx, now);
  const judged = rows.flatMap((row) => {
    const judgement = judgements.get(row.id);
    return judgement ? [judgeOne(row, judgement, broken, now, random())] : [];
  });
  await writeAlerts(tx, judged);
  await writeDomains(
    tx,
    judged.map(({ update }) => update),
    now,
  );
  const changes = judged.flatMap((one) => one.changes);
  await recordAlertChanges(tx, changes, now);
  return changes;
}

/** What is wrong with the installation now, by code and by code and subject. */
async function listBroken(tx: Transaction, now: Date): Promise<ReadonlySet<string>> {
  const rows = await tx.operatorCondition.findMany({
    where: { until: { gt: now } },
    select: { code: true, subject: true },
  });
  return new Set(rows.flatMap(({ code, subject }) => [code, `${code} ${subject}`]));
}

/** In the order of their keys, so that two runs do not wait for each other. */
async function lockDomains(
  tx: Transaction,
  keys: readonly DomainKey[],
  skipsLocked: boolean,
): Promise<Domain[]> {
  const locked = await tx.$queryRaw<DomainKey[]>`
    select d.account_id as "accountId", d.id::text as "domainId"
    from domain d join unnest(${keys.map(({ accountId }) => accountId)}::text[], ${keys.map(({ domainId }) => domainId)}::uuid[])
      as k(account_id, id) on d.account_id = k.account_id and d.id = k.id
    order by d.account_id, d.id
    for no key update of d ${skipsLocked ? Prisma.sql`skip locked` : Prisma.empty}`;
  return tx.domain.findMany({
    where: {
      accountId: { in: locked.map(({ accountId }) => accountId) },
      id: { in: locked.map(({ domainId }) => domainId) },
    },
  });
}

function judgeOne(
  row: Domain,
  judgement: Judgement,
  broken: ReadonlySet<string>,
  now: Date,
  random: number,
): Judged {
  const { facts, findings, alerts: stored, recent } = judgement;
  const changes: AlertChange[] = [];
  const gone: string[] = [];
  const alerts: Alert[] = [];
  const keep = (before: Alert | undefined, alert: Alert) => {
    alerts.push(alert);
    const isKnown = row.judgedAt === null;
    const isOpen = alert.state === "open";
    if (before?.state !== alert.state && alert.state !== "pending") {
      changes.push({ kind: isOpen ? "opened" : "resolved", isKnown, alert });
    } else if (isOpen && before?.severity !== alert.severity) {
      changes.push({ kind: "severity", isKnown, alert });
    }
  };
  for (const finding of findings) {
    const before = stored.find((alert) => isAbout(alert, finding));
    const at = lookOf(finding, facts, now) ?? before?.lookedAt ?? now;
    const openings = recent.filter((alert) => isAbout(alert, finding)).length;
    const isHeld = isHeldBack(finding.code, broken, finding.severity === "critical");
    const next = stepBad(before && stateOf(before), finding, { now, at, isHeld }, openings);
    keep(before, {
      ...(before ?? newAlert(row, finding, now)),
      ...next,
      evidence: storeEvidence({ ...finding.evidence, ...(next.unstable && { comesAndGoes: true }) }),
    });
  }
  for (const before of stored.filter((alert) => !findings.some((finding) => isAbout(alert, finding)))) {
    const code = before.condition as FindingCode;
    const at = lookOf({ code, subject: before.subject }, facts, now) ?? before.lookedAt;
    // Conditions of a served domain no longer matter after it has left.
    const isOver = row.status === "left" && code !== "leave.state";
    const isHeld = isHeldBack(code, broken, false);
    const next = isOver ? undefined : isHeld ? stateOf(before) : stepGood(stateOf(before), code, { now, at });
    if (next) keep(before, { ...before, ...next });
    else if (before.state === "pending") gone.push(before.id);
    else keep(before, { ...before, state: "resolved", resolvedAt: now, runSince: null });
  }
  const isHeld = ({ condition, severity, state }: Alert) =>
    state !== "resolved" && isHeldBack(condition as FindingCode, broken, severity === "critical");
  const againAt = alerts.some(isHeld) ? new Date(now.getTime() + HELD_MS) : null;
  const dated = findings.map((finding) => ({
    ...finding,
    since: alerts.find((alert) => isAbout(alert, finding))?.firstSeenAt ?? finding.since,
  }));
  return {
    row,
    alerts,
    gone,
    changes,
    update: updateOf(row, facts, dated, { alerts, againAt }, now, random),
  };
}

function updateOf(
  row: Domain,
  facts: JudgedFacts,
  findings: readonly Finding[],
  { alerts, againAt }: { alerts: readonly Alert[]; againAt: Date | null },
  now: Date,
  random: number,
): DomainUpdate {
  const { state: health, worst } = healthOf(findings, facts);
  const isSame = row.judgedAt !== null && row.health === health && row.healthReason === null;
  const quietSince = isSame ? row.healthSince : now;
  const readyAt = facts.reportDays === null ? row.enforceReadyAt : (row.enforceReadyAt ?? now);
  const isReady =
    measureReadiness(facts, !findings.some((finding) => countsForHealth(finding, facts)), now)?.state ===
    "ready";
  const steps = alerts.map((alert) => nextStepAt(stateOf(alert), alert.condition as FindingCode));
  return {
    accountId: row.accountId,
    domainId: row.id,
    health,
    healthReason: worst && storeFinding(worst),
    healthSince: worst ? worst.since : quietSince,
    enforceReadyAt: isReady || facts.reportDays === null ? readyAt : null,
    judgeAt: nextJudgementAt(facts, [...steps, againAt], now, random),
  };
}

function isAbout({ condition, subject }: Alert, finding: Pick<Finding, "code" | "subject">): boolean {
  return condition === finding.code && subject === finding.subject;
}

function stateOf(alert: Alert): AlertState {
  return alert as AlertState;
}

function newAlert({ accountId, id: domainId }: Domain, { code, subject }: Finding, now: Date) {
  return { accountId, id: newRowId(now), domainId, condition: code, subject };
}

async function writeAlerts(tx: Transaction, judged: readonly Judged[]): Promise<void> {
  const alerts = judged.flatMap((one) => one.alerts);
  const accounts = judged.map(({ row }) => row.accountId);
  const gone = judged.flatMap((one) => one.gone);
  if (gone.length > 0)
    await tx.alert.deleteMany({ where: { accountId: { in: accounts }, id: { in: gone } } });
  for (const alert of alerts) {
    const { accountId, id, evidence, ...data } = alert;
    const stored = { ...data, evidence: evidence as Prisma.InputJsonObject };
    await tx.alert.upsert({
      where: { accountId_id: { accountId, id } },
      create: { accountId, id, ...stored },
      update: stored,
    });
  }
}

/** Pages that show the domain are sent only what changed. */
async function writeDomains(tx: Transaction, updates: readonly DomainUpdate[], now: Date): Promise<void> {
  const json = JSON.stringify(updates);
  await tx.$executeRaw`
    update domain d set health = u.health, health_reason = nullif(u."healthReason", 'null'::jsonb), health_since = u."healthSince"
    from jsonb_to_recordset(${json}::jsonb)
      as u("accountId" text, "domainId" uuid, health text, "healthReason" jsonb, "healthSince" timestamptz)
    where d.account_id = u."accountId" and d.id = u."domainId"
      and (d.health, d.health_reason, d.health_since) is distinct from (u.health, nullif(u."healthReason", 'null'::jsonb), u."healthSince")`;
  await tx.$executeRaw`
    update domain d set judged_at = ${now}::timestamptz, judge_at = u."judgeAt", enforce_ready_at = u."enforceReadyAt"
    from jsonb_to_recordset(${json}::jsonb)
      as u("accountId" text, "domainId" uuid, "judgeAt" timestamptz, "enforceReadyAt" timestamptz)
    where d.account_id = u."accountId" and d.id = u."domainId"`;
}
