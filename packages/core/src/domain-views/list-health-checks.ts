import type { HealthCheck } from "@waxseal/contract";
import type { z } from "zod";
import type { DomainFacts } from "../domains/load-domain-facts.ts";
import type { Finding, FindingCode, JudgedFacts } from "../judging/judge-domain.ts";
import { isGoodTestOld } from "../watching/next-mx-look.ts";

type Check = z.infer<typeof HealthCheck>;
type Draft = Pick<Check, "tone" | "word"> & { at?: Date | null; atLabel?: string };
type Seen = {
  facts: DomainFacts;
  judged: JudgedFacts;
  find(...codes: FindingCode[]): Finding | undefined;
  now: Date;
};

/** How each part of a domain is, from the same findings as its health: DNS, certificate, policy, mail hosts and reports. */
export function listHealthChecks(
  facts: DomainFacts,
  judged: JudgedFacts,
  findings: readonly Finding[],
  now: Date,
): Check[] {
  const find = (...codes: FindingCode[]) => findings.find(({ code }) => codes.includes(code));
  const seen = { facts, judged, find, now };
  const drafts: [Check["part"], Draft][] = [
    ["dns", checkRecords(seen)],
    ["certificate", checkCertificate(seen)],
    ["policy", checkPolicy(seen)],
    ["mx", checkMx(seen)],
    ["reports", checkReports(seen)],
  ];
  return drafts.map(([part, { at, atLabel, ...draft }]) => ({
    part,
    ...draft,
    at: at?.toISOString() ?? null,
    atLabel: at && atLabel ? atLabel : null,
  }));
}

const toneOf = ({ severity }: Finding): Check["tone"] => (severity === "critical" ? "bad" : "notice");

function checkRecords({ facts, judged, find }: Seen): Draft {
  const when = { at: facts.row.checkedAt, atLabel: "Checked" };
  const fault = find("cname.wrong", "cname.missing");
  if (facts.row.status === "left") return { tone: "idle", word: "Off" };
  if (fault)
    return { ...when, tone: toneOf(fault), word: fault.code === "cname.wrong" ? "Wrong" : "Missing" };
  const states = Object.values(judged.records).map(({ state }) => state);
  const count = states.filter((state) => state === "correct").length;
  if (states.includes("unreachable")) return { ...when, tone: "idle", word: "No answer" };
  if (count === states.length) return { ...when, tone: "good", word: "Correct" };
  if (states.every((state) => state === "unchecked")) return { tone: "working", word: "Looking" };
  return { ...when, tone: "idle", word: `${count} of ${states.length} records` };
}

function checkCertificate({ facts, find }: Seen): Draft {
  const { certificate, certificateName: name, row } = facts;
  const when = { at: certificate?.notAfter ?? null, atLabel: "Until" };
  if (row.status === "left") return { tone: "idle", word: "Off" };
  const fault = find("host.certificate");
  if (fault?.evidence.isExpired) return { ...when, atLabel: "Since", tone: "bad", word: "Expired" };
  if (fault) return { ...when, tone: toneOf(fault), word: certificate ? "Not renewed" : "Not issued" };
  if (certificate) return { ...when, tone: "good", word: "Valid" };
  return name ? { tone: "working", word: "Being issued" } : { tone: "idle", word: "Not ordered" };
}

const MODE_WORDS = { enforce: "Enforced", testing: "Testing", none: "None" } as const;

function checkPolicy({ facts, find }: Seen): Draft {
  const { policy, row } = facts;
  if (!policy || row.status === "left") return { tone: "idle", word: "Off" };
  const fault = find("publish.stuck");
  if (fault) return { tone: toneOf(fault), word: "Not live yet" };
  if (row.status === "pending") return { tone: "idle", word: "Draft" };
  if (policy.state === "publishing") return { tone: "working", word: "Going live" };
  const tone = policy.mode === "none" ? "idle" : "good";
  return { at: policy.publishedAt, atLabel: "Since", tone, word: MODE_WORDS[policy.mode] };
}

const MX_WORDS: Partial<Record<FindingCode, string>> = {
  "mx.uncovered": "Not in policy",
  "mx.badTls": "Failing",
  "dane.broken": "DANE mismatch",
  "mx.expiring": "Certificate ends soon",
};

function checkMx({ facts, judged, find, now }: Seen): Draft {
  const { row } = facts;
  const looked = { at: row.mxCheckedAt, atLabel: "Looked up" };
  const fault = find("mx.uncovered", "mx.badTls") ?? find("dane.broken", "mx.expiring");
  if (fault?.code === "mx.expiring" && fault.evidence.isExpired)
    return { ...looked, tone: toneOf(fault), word: "Certificate expired" };
  if (fault) return { ...looked, tone: toneOf(fault), word: MX_WORDS[fault.code] ?? "Failing" };
  if (!row.mxCheckedAt) return { tone: "idle", word: "Not looked up" };
  const states = judged.mxHosts.map(({ state }) => state);
  const probedAt = judged.mxHosts.map((host) => host.probedAt).sort((a, b) => a.getTime() - b.getTime())[0];
  const isOld = probedAt !== undefined && isGoodTestOld(probedAt, judged.mode, now);
  if (states.length > 0 && states.every((state) => state === "good") && isOld)
    return { at: probedAt, atLabel: "Last tested", tone: "idle", word: "Not tested lately" };
  if (states.length > 0 && states.every((state) => state === "good"))
    return { at: probedAt ?? null, atLabel: "Tested", tone: "good", word: "Good" };
  // No sender knows the draft of a pending domain.
  if (states.includes("bad"))
    return { at: probedAt ?? null, atLabel: "Tested", tone: "idle", word: "Failing" };
  return { ...looked, tone: "idle", word: "Not tested" };
}

function checkReports({ judged, find }: Seen): Draft {
  if (judged.reportDays === null) return { tone: "idle", word: "Not available" };
  const lastDay = [...judged.reportDays].sort().at(-1);
  const when = { at: lastDay ? new Date(`${lastDay}T00:00:00Z`) : null, atLabel: "Last about" };
  const fault = find("failures.up", "reports.silent");
  if (fault)
    return {
      ...when,
      tone: fault.code === "failures.up" ? "bad" : "notice",
      word: fault.code === "failures.up" ? "Failures" : "Silent",
    };
  if (lastDay) return { ...when, tone: "good", word: "Coming in" };
  return judged.records.tlsRptRecord.state === "correct"
    ? { tone: "idle", word: "None yet" }
    : { tone: "idle", word: "Not here" };
}
