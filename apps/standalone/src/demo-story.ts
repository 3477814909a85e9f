import { SENDERS, type Sender, type TlsReportToSend } from "@waxseal/sandbox";
import type { FailureDetail, PolicyResult } from "@waxseal/tls-rpt";

/** How many days back the demo reports reach. */
const DEMO_DAYS = 45;

export type DemoDomain = {
  domain: string;
  /** One line of what this domain shows. */
  story: string;
  mxHosts: readonly string[];
  /** Which of the three CNAMEs its owner has published. */
  published: readonly ("policyHost" | "stsRecord" | "tlsRptRecord")[];
  mode: "enforce" | "testing";
  leaving: boolean;
  sessionsPerDay: number;
  failures(daysAgo: number, sender: Sender): readonly DemoFailure[];
};

type DemoFailure = { resultType: string; mxHost: string; reason: string | null; share: number };

const ALL = ["policyHost", "stsRecord", "tlsRptRecord"] as const;

/** The made-up domains of the demo account, each with something to learn from. */
export const DEMO_DOMAINS: readonly DemoDomain[] = [
  {
    domain: "bakery.example",
    story: "healthy, enforced",
    mxHosts: ["mx1.bakery.example", "mx2.bakery.example"],
    published: ALL,
    mode: "enforce",
    leaving: false,
    sessionsPerDay: 900,
    failures: (daysAgo) =>
      daysAgo === 19
        ? [
            {
              resultType: "validation-failure",
              mxHost: "mx2.bakery.example",
              reason: "connection reset",
              share: 0.01,
            },
          ]
        : [],
  },
  {
    domain: "brewery.example",
    story: "in testing, one MX with an expired certificate",
    mxHosts: ["mx1.brewery.example", "expired-mx2.brewery.example"],
    published: ALL,
    mode: "testing",
    leaving: false,
    sessionsPerDay: 420,
    failures: (daysAgo) =>
      daysAgo < 12
        ? [
            {
              resultType: "certificate-expired",
              mxHost: "expired-mx2.brewery.example",
              reason: "certificate has expired",
              share: 0.22,
            },
          ]
        : [],
  },
  {
    domain: "harbor.example",
    story: "for three days one sender met an MX without STARTTLS",
    mxHosts: ["mx1.harbor.example"],
    published: ALL,
    mode: "testing",
    leaving: false,
    sessionsPerDay: 260,
    failures: (daysAgo, sender) =>
      sender.style === "postfix" && daysAgo >= 6 && daysAgo <= 8
        ? [{ resultType: "starttls-not-supported", mxHost: "mx1.harbor.example", reason: null, share: 0.9 }]
        : [],
  },
  {
    domain: "cinema.example",
    story: "half set up: the policy host is missing",
    mxHosts: ["mx1.cinema.example"],
    published: ["stsRecord", "tlsRptRecord"],
    mode: "testing",
    leaving: false,
    sessionsPerDay: 60,
    failures: () => [],
  },
  {
    domain: "museum.example",
    story: "leaving",
    mxHosts: ["mx1.museum.example"],
    published: ALL,
    mode: "testing",
    leaving: true,
    sessionsPerDay: 35,
    failures: () => [],
  },
];

/** All demo reports up to yesterday, oldest first; the same on every run of one day. */
export function demoReports(today: Date): TlsReportToSend[] {
  const reports: TlsReportToSend[] = [];
  for (let daysAgo = DEMO_DAYS; daysAgo >= 1; daysAgo--) {
    for (const demo of DEMO_DOMAINS) {
      for (const sender of SENDERS) {
        if (isGap(demo, sender, daysAgo)) continue;
        reports.push({ sender, policyDomain: demo.domain, report: reportOf(demo, sender, daysAgo, today) });
      }
    }
  }
  return reports;
}

/** Two days without any report, and a sender that skips days for small domains. */
function isGap(demo: DemoDomain, sender: Sender, daysAgo: number): boolean {
  if (daysAgo === 27 || daysAgo === 28) return true;
  return demo.sessionsPerDay < 100 && sender.style !== "google" && daysAgo % 3 !== 0;
}

function reportOf(demo: DemoDomain, sender: Sender, daysAgo: number, today: Date): TlsReportToSend["report"] {
  const startAt = new Date(
    Date.UTC(today.getUTCFullYear(), today.getUTCMonth(), today.getUTCDate() - daysAgo),
  );
  const reportDay = startAt.toISOString().slice(0, 10);
  return {
    organizationName: sender.organizationName,
    contactInfo: sender.contactInfo,
    reportId: `${reportDay}T00:00:00Z_${demo.domain}_demo`,
    startAt,
    endAt: new Date(startAt.getTime() + 86_399_000),
    reportDay,
    policies: [policyOf(demo, sender, daysAgo, startAt)],
  };
}

function policyOf(demo: DemoDomain, sender: Sender, daysAgo: number, startAt: Date): PolicyResult {
  const weekend = startAt.getUTCDay() % 6 === 0 ? 0.4 : 1;
  const weight = { google: 0.55, microsoft: 0.33, postfix: 0.12 }[sender.style];
  const wobble = 0.85 + 0.3 * noise(`${demo.domain}${sender.domain}${daysAgo}`);
  const sessions = Math.max(1, Math.round(demo.sessionsPerDay * weight * weekend * wobble));
  const details = demo.failures(daysAgo, sender).map(
    (failure): FailureDetail => ({
      resultType: failure.resultType,
      knownResultType: true,
      sendingMtaIp: sender.sendingMtaIp,
      receivingMxHost: failure.mxHost,
      receivingMxHelo: null,
      receivingIp: "192.0.2.10",
      failedSessions: Math.max(1, Math.round(sessions * failure.share)),
      failureReasonCode: failure.reason,
      additionalInfo: null,
    }),
  );
  const failedSessions = Math.min(
    sessions,
    details.reduce((sum, detail) => sum + (detail.failedSessions ?? 0), 0),
  );
  const hosted = demo.published.includes("policyHost");
  return {
    policyType: hosted ? "sts" : "no-policy-found",
    policyDomain: demo.domain,
    policyStrings: hosted
      ? ["version: STSv1", `mode: ${demo.mode}`, ...demo.mxHosts.map((mx) => `mx: ${mx}`), "max_age: 604800"]
      : [],
    mxHostPatterns: hosted ? [...demo.mxHosts] : [],
    successfulSessions: sessions - failedSessions,
    failedSessions,
    failureDetails: details,
  };
}

/** A number in [0, 1) that depends on the text alone. */
function noise(text: string): number {
  let hash = 2_166_136_261;
  for (const character of text) hash = Math.imul(hash ^ character.charCodeAt(0), 16_777_619);
  return ((hash ^ (hash >>> 15)) >>> 0) / 2 ** 32;
}
