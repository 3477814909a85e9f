import { allowsMxHost, type Policy } from "@waxseal/mta-sts";

/** What a survey found, as far as it makes a difference. */
export type SurveyFacts = {
  domain: string;
  mtaSts: "none" | "elsewhere" | "here" | "unknown";
  tlsRpt: "none" | "elsewhere" | "here" | "unknown";
  /** The CNAME target of the policy host where another provider hosts it. */
  hostTarget: string | null;
  /** The policy served elsewhere. */
  policy: { mode: string | null; mx: readonly string[]; maxAgeSeconds: number | null } | null;
  /** Why that policy must not be published here as it is, a sentence each. */
  faults: readonly string[];
  problem: string | null;
  rua: readonly string[];
  /** Names whose CNAME points to us, but not to this domain. */
  misdirected: readonly string[];
  /** Names of ours that now have something other than a CNAME. */
  occupied: readonly string[];
  mxHosts: readonly string[];
  /** The newest policy here. */
  draft: Policy | undefined;
};

const REPORTS_LABEL = "_smtp._tls.";

/** What the three CNAMEs will change for the domain's senders and reports, a sentence each. */
export function describeSurvey(facts: SurveyFacts): string[] {
  return [
    ...describeSts(facts),
    ...describeTlsRpt(facts),
    ...facts.misdirected.map(describeMisdirected),
    ...facts.occupied.map(describeOccupied),
  ];
}

function describeSts(facts: SurveyFacts): string[] {
  const { domain, mtaSts, draft, misdirected } = facts;
  if (mtaSts === "here" || misdirected.some((name) => !name.startsWith(REPORTS_LABEL))) return [];
  if (mtaSts === "unknown")
    return [`The DNS of ${domain} did not answer, so we cannot tell what is there today.`];
  if (mtaSts === "none") {
    const effect =
      draft?.mode === "enforce"
        ? "senders will insist on verified TLS to the hosts of your policy"
        : "senders will check TLS to your mail hosts and report, and deliver mail as they do today";
    return [`There is no MTA-STS today: once the CNAMEs are there, ${effect}.`];
  }
  return [
    ...describeHosting(facts),
    ...describeFaults(facts),
    ...describeModes(facts),
    ...describeHosts(facts),
  ];
}

function describeHosting({ domain, hostTarget, policy, problem }: SurveyFacts): string[] {
  const by = hostTarget ? ` (at ${hostTarget})` : "";
  if (!policy) {
    return [
      `Senders see that there is a policy${by}, but cannot fetch it: ${sentence(problem ?? "it does not answer")} With our CNAMEs they get yours.`,
    ];
  }
  return [
    `MTA-STS is hosted elsewhere today${by}. With our CNAMEs senders get the policy from here; they fetch it as soon as its new id shows.`,
    `Change mta-sts.${domain} first and _mta-sts.${domain} once the certificate is there: senders use their copy of the old policy in between.`,
  ];
}

function describeFaults({ faults }: SurveyFacts): string[] {
  if (faults.length === 0) return [];
  return [`The policy there has faults, so it cannot become your draft as it is. ${faults.join(" ")}`];
}

function describeModes({ policy, draft }: SurveyFacts): string[] {
  if (policy?.mode !== "enforce" || !draft || draft.mode === "enforce") return [];
  return [
    `The policy there is enforced, your draft here is in mode ${draft.mode}: senders would stop insisting once they have it. Edit the policy first if enforcement is to go on.`,
  ];
}

function describeHosts({ policy, draft, mxHosts }: SurveyFacts): string[] {
  if (!policy || !draft) return [];
  const lost = mxHosts.filter((mxHost) => allowsMxHost(policy.mx, mxHost) && !allowsMxHost(draft.mx, mxHost));
  const others = policy.mx.filter((pattern) => !draft.mx.includes(pattern));
  if (lost.length > 0) return [`${lost.join(", ")} is allowed there, but not by your policy here.`];
  return others.length > 0 ? [`The policy there also lists ${others.join(", ")}, which yours does not.`] : [];
}

function describeTlsRpt({ tlsRpt, rua, misdirected }: SurveyFacts): string[] {
  if (misdirected.some((name) => name.startsWith(REPORTS_LABEL))) return [];
  if (tlsRpt === "none") return ["TLS reports are not set up. With our CNAME they come here."];
  if (tlsRpt !== "elsewhere") return [];
  const where = rua.length > 0 ? ` go to ${rua.join(", ")}` : " go elsewhere";
  return [`TLS reports${where} today. With our CNAME they come here, and no longer there.`];
}

function sentence(text: string): string {
  return /[.!?]$/.test(text) ? text : `${text}.`;
}

function describeMisdirected(name: string): string {
  return `${name} points to us already, but to an old token or to one of another account. Replace its target with the one shown here.`;
}

function describeOccupied(name: string): string {
  return `${name} answers other records today. Delete them, unless they come from a wildcard: a name with a CNAME can hold nothing else (RFC 1034 §3.6.2).`;
}
