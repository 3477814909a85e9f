import type { FailureClusterView } from "@waxseal/contract";
import { formatDay } from "@waxseal/contract/format-instant";
import { getDomain } from "tldts";
import type { z } from "zod";
import { oneLine } from "../arriving/receive-report.ts";

type Cluster = z.infer<typeof FailureClusterView>;

/** What is known of a cluster before its message is written. */
export type ClusterEvidence = Omit<Cluster, "share" | "trend" | "status" | "message">;

const MAX_REPORTERS = 10;

const GREETINGS = {
  "domain-owner": "To the owner of",
  "mx-operator": "To the operator of the mail servers of",
  "dns-operator": "To the operator of the DNS zone of",
  nobody: "For the records of",
  unknown: "For the records of",
  us: "To the operator of the MTA-STS policy host of",
  sender: "To the postmaster of",
} satisfies Record<Cluster["fixedBy"], string>;

/**
 * A message about a cluster of failures in plain text, for the person who must act: what happened, the evidence, what to do first.
 *
 * Text from reports takes one line each, so that a forger cannot add words of their own. RFC 8460 §4.3
 */
export function formatFixMessage(cluster: ClusterEvidence): Cluster["message"] {
  const reporter = nameReporters(cluster.reporters.map((each) => plain(each.reporter)));
  const domains = cluster.domains.join(", ") || "your domain";
  const addressee = addresseeOf(cluster, reporter, domains);
  const place = cluster.mxHost ? ` at ${plain(cluster.mxHost)}` : "";
  const count = `${formatCount(cluster.failedSessions)} session${cluster.failedSessions === 1 ? "" : "s"}`;
  const [firstDay, lastDay] = [formatDay(cluster.firstDay), formatDay(cluster.lastDay)];
  const days = cluster.firstDay === cluster.lastDay ? `on ${firstDay}` : `between ${firstDay} and ${lastDay}`;
  const evidence = [
    `Affected: ${domains}`,
    `Result type: ${plain(cluster.resultType)}`,
    ...(cluster.mxHost ? [`MX host: ${plain(cluster.mxHost)}`] : []),
    ...cluster.reporters.slice(0, MAX_REPORTERS).map(({ reporter: name, failedSessions, reasonCodes }) => {
      const reasons = reasonCodes.length > 0 ? `, reason: ${reasonCodes.map(plain).join("; ")}` : "";
      return `Reported by: ${plain(name)}, ${formatCount(failedSessions)} failed${reasons}`;
    }),
    `Failed sessions: ${formatCount(cluster.failedSessions)}`,
    `Days (UTC): ${firstDay} to ${lastDay}`,
    ...cluster.sendingAddresses.map(({ sendingMtaIp, failedSessions, network }) => {
      const owner = network ? `, ${plain(network.owner)} (AS${network.asn})` : "";
      return `Sending address: ${plain(sendingMtaIp)}${owner}, ${formatCount(failedSessions)} failed`;
    }),
  ];
  return {
    subject: `TLS problem for mail to ${cluster.domains[0] ?? "your domain"}: ${cluster.title}`,
    body: [
      `${GREETINGS[cluster.fixedBy]} ${addressee}`,
      "",
      `${reporter} ${cluster.reporters.length > 1 ? "report" : "reports"} that ${count} of mail delivery to ${domains} failed${place} ${days}, for this reason: ${cluster.title}.`,
      "",
      plain(cluster.meaning),
      plain(cluster.outcome),
      "",
      "What to do first:",
      plain(cluster.nextStep),
      "",
      "Evidence from TLS reports (RFC 8460):",
      ...evidence.map((line) => `- ${line}`),
      "",
    ].join("\n"),
  };
}

/** "37,543" */
function formatCount(count: number): string {
  return count.toLocaleString("en-US");
}

/** TLSA records are in the zone of the MX host, which often has another operator. RFC 6698 §3 */
function addresseeOf(cluster: ClusterEvidence, reporter: string, domains: string): string {
  if (cluster.fixedBy === "sender") return reporter;
  const isAboutMxHost = cluster.fixedBy === "dns-operator" && cluster.mxHost !== "";
  return isAboutMxHost ? plain(getDomain(cluster.mxHost) ?? cluster.mxHost) : domains;
}

function nameReporters([first = "A sender", ...others]: readonly string[]): string {
  if (others.length === 0) return first;
  return `${first} and ${others.length} other${others.length === 1 ? "" : "s"}`;
}

function plain(text: string): string {
  return oneLine(text) ?? "";
}
