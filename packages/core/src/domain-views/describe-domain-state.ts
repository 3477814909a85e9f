import { ATTENTION_STATES, type HealthView } from "@waxseal/contract";
import { formatInstant } from "@waxseal/contract/format-instant";
import type { z } from "zod";
import { isCertificateFailing } from "../domains/is-certificate-failing.ts";
import type { DomainFacts } from "../domains/load-domain-facts.ts";
import { ownerName } from "../setup-names.ts";
import { describeSetup } from "./describe-setup.ts";
import { findHeld } from "./present-certificate.ts";

/** The state of a domain in words that say who has to act; `problem` when it needs attention. */
export type DomainState = { sentence: string; problem: boolean };
type Shown = z.infer<typeof HealthView>;

const IN_PROGRESS = "In progress – nothing for you to do";

/** What is most important about a domain, by its health. `horizonAt` is the cache horizon of a leaving domain. */
export function describeDomainState(facts: DomainFacts, horizonAt: Date | null, health: Shown): DomainState {
  return { sentence: describe(facts, horizonAt, health), problem: ATTENTION_STATES.includes(health.state) };
}

function describe(facts: DomainFacts, horizonAt: Date | null, health: Shown): string {
  switch (facts.row.status) {
    case "left":
      return `MTA-STS is off for ${facts.row.domain}. You can delete its CNAMEs.`;
    case "leaving":
      return join(...describeFault(facts, health), describeLeaving(horizonAt));
    case "pending":
      return describePending(facts);
    case "active":
      return describeActive(facts, health);
  }
}

function describeLeaving(horizonAt: Date | null): string {
  const until = horizonAt ? ` until ${formatInstant(horizonAt)}` : "";
  return `Leaving: keep the CNAMEs${until}, while some senders may still have cached an older policy. Deleting them now does not turn MTA-STS off.`;
}

function describePending(facts: DomainFacts): string {
  const { row, records } = facts;
  const { policyHost } = records;
  if (policyHost.state === "unchecked") return `${IN_PROGRESS}: we are looking up the DNS of ${row.domain}.`;
  const setup = describeSetup({ domain: row.domain, records, isLive: false });
  const progress = policyHost.state === "correct" ? describeProgress(facts) : undefined;
  // Our own work is shown as in progress; "nothing to do" appears only when that is true.
  const own = [setup.action ? progress?.replace(IN_PROGRESS, "In progress") : progress, setup.action];
  // Where nothing points to us yet, reporting is one of the things to publish, not something to miss.
  const reports = progress ? setup.reports : undefined;
  return join(...(setup.isFault ? own.reverse() : own), setup.unanswered, reports);
}

/** The way of a domain whose policy host points to us; undefined while it waits for the owner. */
function describeProgress(facts: DomainFacts): string | undefined {
  const { row, records } = facts;
  if (facts.certificate === undefined) return describeCertificate(facts);
  if (row.publishProblem !== null) return `The policy could not be published yet. ${row.publishProblem}`;
  if (records.stsRecord.state !== "correct") return undefined;
  return `${IN_PROGRESS}: the policy is being published.`;
}

function describeCertificate({ certificateName: name, row }: DomainFacts): string {
  const host = ownerName("policyHost", row.domain);
  if (name && isCertificateFailing(name)) {
    const again = name.nextAttemptAt ? ` We try again at ${formatInstant(name.nextAttemptAt)}.` : "";
    return `No certificate for ${host} yet: ${sentence(name.lastErrorDetail ?? "the order failed")}${again}`;
  }
  const held = name && findHeld(name);
  if (held) return `The certificate of ${host} is ordered at ${formatInstant(held.until)}. ${held.reason}`;
  return `${IN_PROGRESS}: the certificate of ${host} is being issued.`;
}

function describeActive(facts: DomainFacts, health: Shown): string {
  const { policy } = facts;
  const [setup, fault] = [setupOf(facts), describeFault(facts, health)];
  const besides = [setup.unanswered, setup.reports];
  if (fault.length > 0) return join(...fault, ...besides);
  if (policy?.state === "publishing")
    return join(`${IN_PROGRESS}: a new policy is on its way to the DNS record.`, ...besides);
  return join(MODE_SENTENCES[policy?.mode ?? "none"], ...besides);
}

/** The worst finding, and what the records ask for besides. */
function describeFault(facts: DomainFacts, { code, reason }: Shown): string[] {
  const { action, isFault } = setupOf(facts);
  const records = isFault && action ? [action] : [];
  if (reason === null) return records;
  return code?.startsWith("cname.") && records.length > 0 ? records : [reason, ...records];
}

function setupOf({ row, records }: DomainFacts) {
  return describeSetup({ domain: row.domain, records, isLive: true });
}

const MODE_SENTENCES = {
  enforce: "Enforced: senders deliver only to your mail hosts, over verified TLS.",
  testing: "Testing: senders report failed checks and deliver the mail anyway.",
  none: "Mode none: senders treat the domain as if it had no policy.",
};

function sentence(text: string): string {
  return text === "" || /[.!?]$/.test(text) ? text : `${text}.`;
}

function join(...parts: readonly (string | undefined)[]): string {
  return parts.filter((part) => part !== undefined).join(" ");
}
