import type { HealthView } from "@waxseal/contract";
import { formatInstant } from "@waxseal/contract/format-instant";
import type { z } from "zod";
import type { DomainFacts } from "../domains/load-domain-facts.ts";
import { describeUncovered } from "../judging/describe-domain-finding.ts";
import { ownerName } from "../setup-names.ts";
import { describeSetup } from "./describe-setup.ts";
import { findHeld } from "./present-certificate.ts";

/** The state of a domain in words that say who has to act; `problem` when somebody has to act on a fault. */
export type DomainState = { sentence: string; problem: boolean };

const IN_PROGRESS = "In progress – nothing for you to do";

/** What is most important about a domain. `horizonAt` is the cache horizon of a leaving domain. */
export function describeDomainState(
  facts: DomainFacts,
  horizonAt: Date | null,
  health?: z.infer<typeof HealthView>,
): DomainState {
  const state = describeOwnState(facts, horizonAt);
  const isMail = health?.state === "mail-failing" || health?.state === "at-risk";
  if (!isMail || health.reason === null) return state;
  // What the records ask for is said too; that all is well is not.
  return fault(
    state.problem && state.sentence !== health.reason ? join(health.reason, state.sentence) : health.reason,
  );
}

function describeOwnState(facts: DomainFacts, horizonAt: Date | null): DomainState {
  switch (facts.row.status) {
    case "left":
      return fine(`MTA-STS is off for ${facts.row.domain}. You can delete its CNAMEs.`);
    case "leaving":
      return describeLeaving(horizonAt);
    case "pending":
      return describePending(facts);
    case "active":
      return describeActive(facts);
  }
}

function describeLeaving(horizonAt: Date | null): DomainState {
  const until = horizonAt ? ` until ${formatInstant(horizonAt)}` : "";
  return fine(
    `Leaving: keep the CNAMEs${until}, while some senders may still have cached an older policy. Deleting them now does not turn MTA-STS off.`,
  );
}

function describePending(facts: DomainFacts): DomainState {
  const { row, records } = facts;
  const { policyHost } = records;
  if (policyHost.state === "unchecked")
    return fine(`${IN_PROGRESS}: we are looking up the DNS of ${row.domain}.`);
  const setup = describeSetup({ domain: row.domain, records, isLive: false });
  const progress = policyHost.state === "correct" ? describeProgress(facts) : undefined;
  const own = [progress?.sentence, setup.action];
  // Where nothing points to us yet, reporting is one of the things to publish, not something to miss.
  const reports = progress ? setup.reports : undefined;
  return {
    sentence: join(...(setup.isFault ? own.reverse() : own), setup.unanswered, reports),
    problem: setup.isFault || policyHost.state === "unreachable" || progress?.problem === true,
  };
}

/** The way of a domain whose policy host points to us; undefined while it waits for the owner. */
function describeProgress(facts: DomainFacts): DomainState | undefined {
  const { row, records } = facts;
  if (facts.certificate === undefined) return describeCertificate(facts);
  if (records.stsRecord.state !== "correct") return undefined;
  if (row.publishProblem !== null) {
    return fault(`The policy could not be published yet. ${row.publishProblem}`);
  }
  return fine(`${IN_PROGRESS}: the policy is being published.`);
}

function describeCertificate({ certificateName: name, row }: DomainFacts): DomainState {
  const host = ownerName("policyHost", row.domain);
  if (name?.state === "failing") {
    const again = name.nextAttemptAt ? ` We try again at ${formatInstant(name.nextAttemptAt)}.` : "";
    return fault(
      `No certificate for ${host} yet: ${sentence(name.lastErrorDetail ?? "the order failed")}${again}`,
    );
  }
  const held = name && findHeld(name);
  if (held) {
    return fine(`The certificate of ${host} is ordered at ${formatInstant(held.until)}. ${held.reason}`);
  }
  return fine(`${IN_PROGRESS}: the certificate of ${host} is being issued.`);
}

function describeActive(facts: DomainFacts): DomainState {
  const { row, records, policy, certificateName, certificate, uncoveredMxHosts } = facts;
  const setup = describeSetup({ domain: row.domain, records, isLive: true });
  const besides = [setup.unanswered, setup.reports];
  if (setup.isFault) return fault(join(setup.action, ...besides));
  if (row.publishProblem !== null) {
    return fault(`The newest policy could not be published yet. ${row.publishProblem}`);
  }
  if (certificateName?.state === "failing" && certificate) {
    return fault(
      `The certificate could not be renewed; the current one expires on ${formatInstant(certificate.notAfter)}. ${sentence(certificateName.lastErrorDetail ?? "")}`.trim(),
    );
  }
  const [uncovered] = uncoveredMxHosts;
  if (uncovered !== undefined && policy && policy.mode !== "none")
    return fault(describeUncovered(uncovered, policy.mode === "enforce"));
  if (policy?.state === "publishing")
    return fine(`${IN_PROGRESS}: a new policy is on its way to the DNS record.`);
  return fine(join(MODE_SENTENCES[policy?.mode ?? "none"], ...besides));
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

function fine(text: string): DomainState {
  return { sentence: text, problem: false };
}

function fault(text: string): DomainState {
  return { sentence: text, problem: true };
}
