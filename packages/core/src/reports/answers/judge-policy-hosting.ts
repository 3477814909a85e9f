import { formatDay } from "@waxseal/contract/format-instant";
import { DAY_MS } from "@waxseal/runtime/time-spans";
import type { FixOwner } from "@waxseal/tls-rpt";
import { shiftDay } from "../../day-range.ts";
import { blameHandshakeFailure, explainHandshakeFailure } from "../../domains/explain-handshake-failure.ts";
import { ownerName } from "../../setup-names.ts";

/** What our own tables say about the policy host of a domain on the days on which senders could not use its policy. */
export type HostingEvidence = {
  domain: string;
  /** UTC days with such failures, in order. */
  days: readonly string[];
  now: Date;
  /** Since when this account hosts the domain; null: it does not. */
  claimedAt: Date | null;
  /** What the CNAME of the policy host was found to be, oldest first; each holds until the next. */
  cname: readonly { at: Date; state: string }[];
  /** When there was a certificate that could be presented. */
  certificates: readonly { from: Date; until: Date }[];
  handshakes: readonly { day: string; reason: string; failures: number }[];
  /** Those of them that mail servers or we caused, by the client's network. */
  clients: readonly { day: string; reason: string; network: string; failures: number }[];
  fetches: readonly { day: string; status: number; network: string; fetches: number }[];
  /** Days on which publishing a policy failed. */
  publishFailedDays: readonly string[];
  /** Networks of the mail servers named in the failures, as the fetch log writes them. */
  senderNetworks: readonly string[];
};

/** Who must fix a failure, with the evidence in a sentence. */
export type HostingVerdict = { sentence: string; fixedBy: FixOwner | "unknown"; nextStep: string };

/** As long as fetches, handshakes and expired certificates are kept. */
const LOG_DAYS = 30;
const MAX_DAYS_NAMED = 3;
const NOTHING = "Waxseal has to act; there is nothing for the domain's owner to do.";

/**
 * Judges who has to act when senders could not fetch, trust or read a policy that we host. Nothing is concluded from what our logs do not
 * reach back to. RFC 8460 §4.3.2.2
 */
export function judgePolicyHosting(evidence: HostingEvidence): HostingVerdict {
  const { domain, claimedAt, now } = evidence;
  const host = ownerName("policyHost", domain);
  const hosted = evidence.days.filter((day) => claimedAt !== null && claimedAt.getTime() < endOf(day));
  if (hosted.length === 0) {
    return {
      sentence: `Waxseal did not host the policy of ${domain} ${onDays(evidence.days)}, so its logs do not say why.`,
      fixedBy: "unknown",
      nextStep: `Check where ${host} pointed on these days.`,
    };
  }
  const kept = hosted.filter((day) => endOf(day) > now.getTime() - LOG_DAYS * DAY_MS);
  const asked = { ...evidence, days: kept };
  return (
    judgeCname({ ...evidence, days: hosted }, host) ??
    (kept.length === 0 ? tooOld(hosted) : undefined) ??
    judgeCertificate(asked, host) ??
    judgeAnswers(asked) ??
    judgeRequests(asked, host)
  );
}

function judgeCname({ days, cname, domain }: HostingEvidence, host: string): HostingVerdict | undefined {
  const off = cname.flatMap(({ at, state }, index) => {
    if (state !== "missing" && state !== "wrong") return [];
    const until = cname[index + 1]?.at.getTime() ?? Infinity;
    return days
      .filter((day) => at.getTime() < endOf(day) && until > Date.parse(day))
      .map((day) => ({ day, state }));
  });
  const [first] = off;
  if (!first) return undefined;
  const isBack = cname.at(-1)?.state === "correct";
  return {
    sentence: `The CNAME record ${host} ${first.state === "missing" ? "was missing" : "did not point to Waxseal"} ${onDays(unique(off.map(({ day }) => day)))}.`,
    fixedBy: "domain-owner",
    nextStep: isBack
      ? `It points to Waxseal now. Keep the CNAME record ${host} as it is.`
      : `Publish the CNAME record ${host} as the setup of ${domain} shows it.`,
  };
}

function tooOld(days: readonly string[]): HostingVerdict {
  return {
    sentence: `Waxseal keeps its logs for ${LOG_DAYS} days, so they do not say what happened ${onDays(days)}.`,
    fixedBy: "unknown",
    nextStep: "Look whether newer reports still name this failure.",
  };
}

function judgeCertificate(evidence: HostingEvidence, host: string): HostingVerdict | undefined {
  const { days, certificates, claimedAt, now } = evidence;
  const gaps = days.filter((day) => {
    const start = Math.max(Date.parse(day), claimedAt?.getTime() ?? 0);
    return !isCovered(certificates, start, Math.min(endOf(day), now.getTime()));
  });
  const [first] = gaps;
  if (first === undefined) return undefined;
  const expired = certificates
    .map(({ until }) => until.getTime())
    .filter((until) => until < endOf(first))
    .toSorted((a, b) => b - a)[0];
  const why = expired === undefined ? "" : `: it had expired on ${formatDay(new Date(expired))}`;
  return {
    sentence: `Waxseal had no valid certificate for ${host} ${onDays(gaps)}, or not all day${why}.`,
    fixedBy: "us",
    nextStep: NOTHING,
  };
}

function isCovered(certificates: HostingEvidence["certificates"], start: number, end: number): boolean {
  let covered = start;
  for (const { from, until } of certificates.toSorted((a, b) => a.from.getTime() - b.from.getTime())) {
    if (from.getTime() <= covered) covered = Math.max(covered, until.getTime());
  }
  return covered >= end;
}

/** What failed on our side although the certificate was there. */
function judgeAnswers(evidence: HostingEvidence): HostingVerdict | undefined {
  const { days, publishFailedDays } = evidence;
  const failed = handshakesOn(evidence, "us");
  if (failed.length > 0) return { sentence: tellHandshakes(failed), fixedBy: "us", nextStep: NOTHING };
  const fetches = fetchesOn(evidence);
  const served = new Set(fetches.filter(({ status }) => status === 200).map(({ day }) => day));
  // Scanners ask for other paths and are answered with 404, too.
  const refused = fetches.filter(({ status, day }) => status >= 500 || (status === 404 && !served.has(day)));
  if (refused.length > 0) {
    const count = sum(refused.map((each) => each.fetches));
    return {
      sentence: `Waxseal's log shows ${countOf(count, "request")} ${onDays(unique(refused.map(({ day }) => day)))} that it answered with an error instead of the policy.`,
      fixedBy: "us",
      nextStep: NOTHING,
    };
  }
  const unpublished = days.filter((day) => publishFailedDays.includes(day));
  if (unpublished.length === 0) return undefined;
  return {
    sentence: `Waxseal could not publish a new policy ${onDays(unpublished)}.`,
    fixedBy: "us",
    nextStep: NOTHING,
  };
}

/** What reached us, where nothing failed on our side. */
function judgeRequests(evidence: HostingEvidence, host: string): HostingVerdict {
  const { days, senderNetworks } = evidence;
  const ofNetwork = evidence.clients.filter(({ network }) => senderNetworks.includes(network));
  const ownRefusing = handshakesOn({ ...evidence, handshakes: ofNetwork }, "client");
  const refusing = ownRefusing.length > 0 ? ownRefusing : handshakesOn(evidence, "client");
  const nextStep = `Ask the sender to fetch the policy from ${host} from its own network, and to look for a proxy or an old list of certificate authorities.`;
  if (refusing.length > 0) {
    const where = ownRefusing.length > 0 ? " from the sender's network" : "";
    return { sentence: tellHandshakes(refusing, where), fixedBy: "sender", nextStep };
  }
  const served = fetchesOn(evidence).filter(({ status }) => status === 200);
  const ofSender = served.filter(({ network }) => senderNetworks.includes(network));
  const fine = "Its certificate was valid, and the policy had passed Waxseal's checks";
  if (ofSender.length > 0) {
    const count = countOf(sum(ofSender.map(({ fetches }) => fetches)), "request");
    return {
      sentence: `Waxseal's log shows ${count} from the sender's network ${onDays(unique(ofSender.map(({ day }) => day)))}, answered with the policy. ${fine}.`,
      fixedBy: "sender",
      nextStep,
    };
  }
  const unclear = handshakesOn(evidence, "unknown");
  if (unclear.length > 0) {
    return {
      sentence: `${tellHandshakes(unclear)} The log does not say whether one of them was this sender.`,
      fixedBy: "unknown",
      nextStep,
    };
  }
  const others = sum(served.map(({ fetches }) => fetches));
  const elsewhere =
    others > 0
      ? `while ${countOf(others, "request")} of others ${others === 1 ? "was" : "were"} answered with it`
      : "";
  // Beyond what one server keeps apart, networks are not known.
  const isKnown = senderNetworks.length > 0 && !served.some(({ network }) => network === "other");
  if (others > 0 && !isKnown) {
    return {
      sentence: `Waxseal's log shows ${countOf(others, "request")} ${onDays(days)}, answered with the policy, and none that failed. ${fine}.`,
      fixedBy: "sender",
      nextStep,
    };
  }
  return {
    sentence: `No request of this sender for the policy reached Waxseal ${onDays(days)}${elsewhere && `, ${elsewhere}`}. The CNAME record and the certificate were right.`,
    fixedBy: "sender",
    nextStep,
  };
}

function handshakesOn({ days, handshakes }: HostingEvidence, blame: "us" | "client" | "unknown") {
  return handshakes.filter(
    ({ day, reason }) => days.includes(day) && blameHandshakeFailure(reason) === blame,
  );
}

function fetchesOn({ days, fetches }: HostingEvidence) {
  return fetches.filter(({ day }) => days.includes(day));
}

function tellHandshakes(failed: HostingEvidence["handshakes"], where = ""): string {
  const count = countOf(sum(failed.map(({ failures }) => failures)), "failed handshake");
  const [worst] = failed.toSorted((a, b) => b.failures - a.failures);
  return `Waxseal's log shows ${count}${where} ${onDays(unique(failed.map(({ day }) => day)))}. ${explainHandshakeFailure(worst?.reason ?? "")}`;
}

function endOf(day: string): number {
  return Date.parse(shiftDay(day, 1));
}

function unique(days: readonly string[]): string[] {
  return [...new Set(days)].toSorted();
}

function sum(counts: readonly number[]): number {
  return counts.reduce((total, count) => total + count, 0);
}

function countOf(count: number, what: string): string {
  return `${count} ${what}${count === 1 ? "" : "s"}`;
}

/** "on 26 Nov 2026 and 27 Nov 2026" */
function onDays(days: readonly string[]): string {
  const named = days.slice(0, MAX_DAYS_NAMED).map((day) => formatDay(day));
  const more = days.length - named.length;
  if (more > 0) return `on ${named.join(", ")} and ${countOf(more, "more day")}`;
  return named.length < 2 ? `on ${named[0]}` : `on ${named.slice(0, -1).join(", ")} and ${named.at(-1)}`;
}
