import { formatInstant } from "../format-instant.ts";
import { ownerName, type RecordKind } from "../setup-names.ts";
import type { DomainFacts } from "./load-domain-facts.ts";
import { findHeld } from "./present-certificate.ts";

/** The state of a domain in one sentence that says whose move it is; `problem` when somebody has to act on a fault. */
export type DomainState = { sentence: string; problem: boolean };

/** What has to be told of a domain first. `horizonAt` is the cache horizon of a leaving domain. */
export function describeDomainState(facts: DomainFacts, horizonAt: Date | null): DomainState {
  switch (facts.row.status) {
    case "left":
      return fine(`${facts.row.domain} has left. You may delete its CNAMEs.`);
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
    `Leaving: keep the CNAMEs${until}, while some senders may still hold an older policy. Deleting them now does not turn MTA-STS off.`,
  );
}

function describePending(facts: DomainFacts): DomainState {
  const { row, records } = facts;
  const { policyHost, stsRecord, tlsRptRecord } = records;
  if (policyHost.state === "unchecked") return fine(`Our move: we are looking up the DNS of ${row.domain}.`);
  if (policyHost.state === "unreachable") return describeUnreachable(facts);
  if (policyHost.state === "wrong") return describeWrong(facts, "policyHost");
  if (policyHost.state === "missing") {
    if (policyHost.misplaced) {
      return fault(
        `Your move: the CNAME of ${ownerName("policyHost", row.domain)} stands at ${policyHost.misplaced}; mend its name.`,
      );
    }
    if (tlsRptRecord.state === "correct") {
      return fine("Reports come here. To have the policy hosted too, publish the other two CNAMEs.");
    }
    return fine("Your move: publish the CNAMEs. We look for them by ourselves.");
  }
  if (facts.certificate === undefined) return describeCertificate(facts);
  if (stsRecord.state === "wrong") return describeWrong(facts, "stsRecord");
  if (stsRecord.state !== "correct") {
    return fine(`Your move: publish the CNAME at ${ownerName("stsRecord", row.domain)}. All else is ready.`);
  }
  if (row.publishProblem !== null) {
    return fault(`Our move: the policy could not be published yet. ${row.publishProblem}`);
  }
  return fine("Our move: the policy is being published.");
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
    return fine(
      `Our move: the certificate of ${host} is ordered at ${formatInstant(held.until)}. ${held.reason}`,
    );
  }
  return fine(`Our move: the certificate of ${host} is being issued.`);
}

function describeActive(facts: DomainFacts): DomainState {
  const { row, records, policy, certificateName, certificate, uncoveredMxHosts } = facts;
  if (records.policyHost.state === "wrong") return describeWrong(facts, "policyHost");
  if (records.policyHost.state === "missing") return describeGone(facts, "policyHost");
  if (records.stsRecord.state === "wrong") return describeWrong(facts, "stsRecord");
  if (records.stsRecord.state === "missing") return describeGone(facts, "stsRecord");
  if (row.publishProblem !== null) {
    return fault(`Our move: the newest policy could not be published yet. ${row.publishProblem}`);
  }
  if (certificateName?.state === "failing" && certificate) {
    return fault(
      `The certificate could not be renewed; the present one lasts until ${formatInstant(certificate.notAfter)}. ${sentence(certificateName.lastErrorDetail ?? "")}`.trim(),
    );
  }
  const [uncovered] = uncoveredMxHosts;
  if (uncovered !== undefined && policy?.mode !== "none") {
    const effect =
      policy?.mode === "enforce" ? "senders will not deliver to it" : "senders report it as a failure";
    return fault(`Your move: ${uncovered} takes mail for this domain but is not in the policy; ${effect}.`);
  }
  if (policy?.state === "publishing") return fine("Our move: a new policy is on its way to the DNS record.");
  return fine(`${MODE_SENTENCES[policy?.mode ?? "none"]}${describeReports(facts)}`);
}

const MODE_SENTENCES = {
  enforce: "Enforced: senders deliver only to your mail hosts, over verified TLS.",
  testing: "Testing: senders report failures, but deliver all the same.",
  none: "Mode none: senders treat the domain as if it had no policy.",
};

function describeReports({ records, row }: DomainFacts): string {
  if (records.tlsRptRecord.state === "correct" || records.tlsRptRecord.state === "unchecked") return "";
  return ` No reports come in: the CNAME at ${ownerName("tlsRptRecord", row.domain)} is missing.`;
}

function describeUnreachable({ row }: DomainFacts): DomainState {
  return fault(`The DNS of ${row.domain} does not answer. Whoever runs it has to act; we keep looking.`);
}

function describeWrong({ row, records }: DomainFacts, kind: RecordKind): DomainState {
  const { seen } = records[kind];
  return fault(
    `Your move: ${ownerName(kind, row.domain)} does not point to us${seen ? ` but answers ${seen}` : ""}.`,
  );
}

function describeGone({ row }: DomainFacts, kind: RecordKind): DomainState {
  return fault(
    `Your move: the CNAME at ${ownerName(kind, row.domain)} is gone. Senders that hold the policy still follow it.`,
  );
}

function sentence(text: string): string {
  return text === "" || /[.!?]$/.test(text) ? text : `${text}.`;
}

function fine(text: string): DomainState {
  return { sentence: text, problem: false };
}

function fault(text: string): DomainState {
  return { sentence: text, problem: true };
}
