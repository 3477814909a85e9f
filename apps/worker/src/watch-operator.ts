import {
  clearCondition,
  deliverConditions,
  judgeOperator,
  type OperatorFacts,
  type OperatorFinding,
  raiseCondition,
  type SendToOperator,
} from "@waxseal/core/operating";
import type { Database } from "@waxseal/db";
import type { Logger } from "@waxseal/runtime";

type Options = {
  db: Database;
  measure(): Promise<OperatorFacts>;
  /** Undefined: conditions are recorded only. */
  send: SendToOperator | undefined;
  /** Called after each look that went through to its end. */
  ping(): Promise<void>;
  now(): Date;
  logger: Logger;
};

type Known = { finding: OperatorFinding; bad: number; good: number; since: Date; isSent: boolean };

const LOOK_EVERY_MS = 60_000;
/** Looks in a row that open a condition, and that end it. */
const LOOKS = 2;
const ALONE = "op.stores database";

/**
 * Looks each minute at what the operator must know, and sends what two looks in a row found, and its end after two good ones. While the
 * database is away only that is known, and is sent from memory; everything else is as it was.
 */
export function watchOperator(options: Options): { look(): Promise<void>; stop(): void } {
  const { db, send, now, logger } = options;
  const known = new Map<string, Known>();

  async function look(): Promise<void> {
    const facts = await options.measure();
    const findings = judgeOperator(facts);
    step(known, findings, facts, now());
    await sendAlone(facts.hasDatabase);
    if (facts.hasDatabase) {
      await record();
      if (send) await deliverConditions(db, send);
    }
    await options.ping();
  }

  /** What cannot be recorded where it would be looked up: the database itself. */
  async function sendAlone(hasDatabase: boolean): Promise<void> {
    const one = known.get(ALONE);
    if (!one) return;
    const { finding, since } = one;
    if (!hasDatabase && one.bad >= LOOKS && !one.isSent) {
      one.isSent = (await send?.({ ...finding, kind: "opened", since })) ?? false;
    } else if (hasDatabase && one.good >= LOOKS) {
      if (one.isSent && send && !(await send({ ...finding, kind: "over", since }))) return;
      known.delete(ALONE);
    }
  }

  async function record(): Promise<void> {
    for (const [key, { finding, bad, good }] of known) {
      if (key === ALONE) continue;
      const { code, subject, text, severity } = finding;
      if (good >= LOOKS) {
        await clearCondition(db, { code, subject });
        known.delete(key);
      } else if (bad >= LOOKS) {
        await raiseCondition(db, { code, subject, text, detail: { severity } });
      }
    }
  }

  const lookQuietly = () =>
    void look().catch((error: unknown) =>
      logger.error({ err: error }, "the installation could not be checked"),
    );
  const timer = setInterval(lookQuietly, LOOK_EVERY_MS);
  return { look, stop: () => clearInterval(timer) };
}

/** Counts a look. A condition that could not be looked at stays as it was. */
function step(
  known: Map<string, Known>,
  findings: readonly OperatorFinding[],
  facts: OperatorFacts,
  now: Date,
): void {
  const found = new Map(findings.map((finding) => [`${finding.code} ${finding.subject}`, finding]));
  for (const [key, finding] of found) {
    const before = known.get(key) ?? { bad: 0, since: now, isSent: false };
    known.set(key, { ...before, finding, bad: before.bad + 1, good: 0 });
  }
  for (const [key, one] of known) {
    if (found.has(key) || isUnknown(one.finding, facts)) continue;
    if (one.bad < LOOKS) known.delete(key);
    else known.set(key, { ...one, good: one.good + 1 });
  }
}

function isUnknown({ code, subject }: OperatorFinding, facts: OperatorFacts): boolean {
  if (`${code} ${subject}` === ALONE) return false;
  if (!facts.hasDatabase) return true;
  switch (code) {
    case "op.ca":
      return facts.ca === null || (subject === "fallback" && facts.ca.fallback === undefined);
    case "op.fleetExpiry":
      return facts.certificates === null;
    case "op.ingest":
      if (subject === "own test mail") return (facts.testMailSeconds ?? null) === null;
      return subject !== "reports database" && facts.ingest === null;
    case "op.dns":
      return subject === "own resolver" && !facts.resolver;
    case "op.mailOut":
      return facts.mail === null;
    case "op.stores":
      if (subject.startsWith("disk of ")) return !facts.disks;
      return facts.stores === null;
    case "op.serving":
      if (subject === "keys") return !facts.keys;
      if (subject === "reported fetches") return !facts.fetchFaults;
      return subject === "public path" ? facts.fetches === null : facts.serving === null;
    case "op.watch":
      return facts.watch === null;
  }
}
