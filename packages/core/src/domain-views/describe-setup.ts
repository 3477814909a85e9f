import { HEALTH_WORDS } from "@waxseal/contract/health-words";
import type { SetupRecord } from "@waxseal/db";
import { isBrokenDnssec } from "@waxseal/probes";
import { ownerName, RECORD_KINDS, type RecordKind } from "../setup-names.ts";

type Records = Record<RecordKind, SetupRecord>;

/** What the three CNAMEs of a domain ask for, in sentences; each is undefined when there is nothing to say. */
export type SetupDescription = {
  /** What the owner has to publish or correct. */
  action: string | undefined;
  /** Whether that is a fault rather than a step not done yet. */
  isFault: boolean;
  /** Where reports go when they do not come here, unless `action` covers it. */
  reports: string | undefined;
  /** Names for which DNS gave no answer: nothing is known of them. */
  unanswered: string | undefined;
};

/** `isLive`: senders know of the policy already, so a CNAME that is missing has gone. */
type Setting = { domain: string; records: Records; isLive: boolean };

/**
 * Describes the three CNAMEs together, so that no sentence says anything of one record that another contradicts.
 *
 * Every name that is not correct is mentioned once, in one of the sentences; correct ones are not. A domain whose reports come here and
 * that publishes neither of the other two is reporting only: it shows how to go on, not that something is missing.
 */
export function describeSetup(setting: Setting): SetupDescription {
  const { domain, records } = setting;
  const { policyHost, stsRecord, tlsRptRecord } = records;
  const hosting = [policyHost, stsRecord];
  const clauses = RECORD_KINDS.flatMap((kind) => describeRecordMiss(records[kind], domain) ?? []);
  const missing = hosting.filter(isAbsent);
  if (missing.length > 0 && !setting.isLive && isAbsent(tlsRptRecord)) missing.push(tlsRptRecord);
  const isReportingOnly = !setting.isLive && hosting.every(isAbsent) && tlsRptRecord.state === "correct";
  const silent = Object.values(records).filter(({ state }) => state === "unreachable");
  return {
    action: isReportingOnly
      ? `Reports come here. To host the policy here too, publish the CNAMEs at ${listNames(hosting, domain)}.`
      : joinClauses(clauses, describeMissing(missing, setting), setting),
    isFault: clauses.length > 0 || (setting.isLive && missing.length > 0),
    reports: missing.includes(tlsRptRecord) ? undefined : describeReports(tlsRptRecord, domain),
    unanswered: silent.length > 0 ? describeSilent(silent, domain) : undefined,
  };
}

/** Whether nothing of ours was found, neither at the name nor at a wrong one. */
function isAbsent({ state, misplaced }: SetupRecord): boolean {
  return state === "missing" && misplaced === null;
}

/** What is wrong with a published record, as a clause; undefined when nothing is. */
export function describeRecordMiss(record: SetupRecord, domain: string): string | undefined {
  const name = ownerName(record.kind, domain);
  if (record.state === "missing" && record.misplaced !== null) {
    return `the CNAME of ${name} is at ${record.misplaced}; correct its name`;
  }
  if (record.state !== "wrong") return undefined;
  switch (record.misdirected) {
    case "otherToken":
      return `${name} points to us, but to an old token or to one of another account; replace its target with the one shown here`;
    case "otherRecord":
      return `${name} points to the target of another of your three CNAMEs; replace it with the one shown for this name`;
    case "unknownName":
      return `${name} points to a name of ours that does not exist; copy its target again`;
    default: {
      if (record.kind === "tlsRptRecord") return undefined;
      return `${name} does not point to us${record.seen ? ` but answers ${record.seen}` : ""}`;
    }
  }
}

function describeMissing(missing: readonly SetupRecord[], { domain, isLive }: Setting): string | undefined {
  if (missing.length === 0) return undefined;
  const [noun, verb, it] = missing.length === 1 ? ["CNAME", "is", "it"] : ["CNAMEs", "are", "them"];
  const names = listNames(missing, domain);
  if (isLive) {
    return `the ${noun} at ${names} ${verb} gone; publish ${it} again. Senders that cached the policy still follow it`;
  }
  return `publish the ${noun} at ${names}. We look for ${it} automatically`;
}

/** Begins with the word for the health that it makes: records that were never there are waited for, anything else is a fault. */
function joinClauses(
  clauses: readonly string[],
  missing: string | undefined,
  { isLive }: Setting,
): string | undefined {
  const all = [...clauses, ...(missing ? [missing] : [])];
  if (all.length === 0) return undefined;
  const state = isLive || clauses.length > 0 ? "needs-action" : "waiting";
  return `${HEALTH_WORDS[state]}: ${all.join("; ")}.`;
}

/** A record for another report address is the owner's choice: reporting is optional. */
function describeReports(
  { kind, state, seen, misplaced, misdirected }: SetupRecord,
  domain: string,
): string | undefined {
  const name = ownerName(kind, domain);
  if (state === "missing" && misplaced === null)
    return `No reports come in: the CNAME at ${name} is missing.`;
  if (state === "wrong" && misdirected === null) {
    return `Reports do not come here: ${name} answers ${seen ?? "something else"}.`;
  }
  return undefined;
}

/** Why nothing is known of some records, and what to do. */
export function describeSilent(silent: readonly SetupRecord[], domain: string): string {
  if (silent.some(({ seen }) => isBrokenDnssec(seen))) {
    return `The DNSSEC of ${domain} is broken: DNS resolvers that validate it, and certificate authorities, get no answer for ${listNames(silent, domain)}. Repair the DNSSEC of the zone, or remove its DS record.`;
  }
  return `The DNS of ${domain} does not answer for ${listNames(silent, domain)}. Contact your DNS provider; we keep looking.`;
}

function listNames(records: readonly SetupRecord[], domain: string): string {
  const names = RECORD_KINDS.filter((kind) => records.some((record) => record.kind === kind)).map((kind) =>
    ownerName(kind, domain),
  );
  return names.length < 2 ? names.join() : `${names.slice(0, -1).join(", ")} and ${names.at(-1)}`;
}
