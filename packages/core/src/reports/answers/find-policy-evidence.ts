import { Prisma, type ReportTrust } from "@waxseal/db";
import { allowsMxHost } from "@waxseal/mta-sts";
import { explainFailure } from "@waxseal/tls-rpt";
import type { Context } from "../../context.ts";
import { findDomainNames } from "../../domains/find-domain-names.ts";
import { matchesReport, type SourceFilter, sourceKey } from "../trust/report-source.ts";
import { storedPolicies } from "../understanding/stored-policies.ts";

/** The policy under which a failure was reported, as far as the report quotes it. */
export type ReportedPolicy = {
  domainId: string;
  domain: string;
  policyType: string;
  mode: string | null;
  mx: string[];
  maxAgeSeconds: number | null;
};

/** The newest reports with failures of some clusters: the policy they quote, by {@link evidenceKey}; several domains may share one. */
export type PolicyEvidence = Map<string, ReportedPolicy[]>;

/** `reporter` is a source key: what a forger quotes under a reporter's name is no evidence of that reporter. */
type Failure = { resultType: string; mxHost: string; reporter: string; reasonCode: string };
type Row = {
  domain_id: string;
  reporter: string;
  submitter: string | null;
  trust: ReportTrust;
  policies: unknown;
};

const MAX_REPORTS = 200;
/** How many of the newest reports are searched for unaligned ones. */
const MAX_SEARCHED = 2_000;
const MAX_POLICIES = 10;

/** Names the reports of one reporter about one kind of failure. */
export function evidenceKey({ resultType, mxHost, reporter, reasonCode }: Failure): string {
  return JSON.stringify([resultType, mxHost, reporter, reasonCode]);
}

/**
 * Finds the policies that the newest reports with such failures quote: 200 aligned ones, and 200 others of the newest 2,000. So a
 * forger cannot crowd out the proven ones, and an account whose reports are all proven is not searched to its end for others.
 */
export async function findPolicyEvidence(
  ctx: Context,
  question: {
    from: string;
    to: string;
    domainId: string | undefined;
    trust: SourceFilter["trust"];
    resultTypes: readonly string[];
  },
): Promise<PolicyEvidence> {
  const evidence: PolicyEvidence = new Map();
  if (question.resultTypes.length === 0) return evidence;
  const newest = Prisma.sql`
    select r.domain_id, r.reporter, r.submitter, r.trust, r.policies, r.report_day, r.id
    from tls_report r
    where r.account_id = ${ctx.accountId} and r.report_day between ${question.from}::date and ${question.to}::date
      and r.result_types && ${[...question.resultTypes]}::text[]
      and (${question.domainId ?? null}::uuid is null or r.domain_id = ${question.domainId ?? null}::uuid)
      and ${matchesReport({ trust: question.trust })}
    order by r.report_day desc, r.id desc`;
  const row = Prisma.sql`domain_id::text, reporter, submitter, trust::text, policies`;
  const rows = await ctx.reports.$queryRaw<Row[]>`
    (select ${row} from (${newest}) as r where trust = 'aligned' order by report_day desc, id desc limit ${MAX_REPORTS})
    union all
    (select ${row} from (${newest} limit ${MAX_SEARCHED}) as r where trust <> 'aligned'
    order by report_day desc, id desc limit ${MAX_REPORTS})`;
  const domainOf = await findDomainNames(
    ctx,
    rows.map(({ domain_id }) => domain_id),
  );
  for (const row of rows) {
    const domain = domainOf.get(row.domain_id);
    if (domain !== undefined) noteReport(evidence, { ...row, domain });
  }
  return evidence;
}

function noteReport(evidence: PolicyEvidence, row: Row & { domain: string }): void {
  for (const policy of storedPolicies(row.policies)) {
    const reported: ReportedPolicy = {
      domainId: row.domain_id,
      domain: row.domain,
      policyType: policy.policyType,
      ...readPolicyLines(policy.policyStrings, policy.mxHostPatterns),
    };
    for (const detail of policy.failureDetails) {
      const key = evidenceKey({
        resultType: detail.resultType,
        mxHost: detail.receivingMxHost ?? "",
        reporter: sourceKey(row),
        reasonCode: detail.failureReasonCode ?? "",
      });
      const known = evidence.get(key) ?? [];
      if (known.length < MAX_POLICIES && !known.some((each) => isSamePolicy(each, reported)))
        known.push(reported);
      evidence.set(key, known);
    }
  }
}

function isSamePolicy(a: ReportedPolicy, b: ReportedPolicy): boolean {
  return a.domainId === b.domainId && a.mode === b.mode && a.mx.join() === b.mx.join();
}

/** Reads what a report quotes of an MTA-STS policy; the quoted lines win over the patterns beside them. RFC 8460 §4.4 */
function readPolicyLines(lines: readonly string[], patterns: readonly string[]) {
  const values = (key: string) =>
    lines.flatMap((line) => {
      const [, name = "", value = ""] = /^\s*(\w+)\s*:\s*(.*?)\s*$/.exec(line) ?? [];
      return name.toLowerCase() === key ? [value.toLowerCase()] : [];
    });
  const quoted = values("mx");
  const [mode = null] = values("mode");
  const [maxAge] = values("max_age");
  return {
    mode,
    mx: (quoted.length > 0 ? quoted : [...patterns]).toSorted(),
    maxAgeSeconds: maxAge !== undefined && /^\d{1,10}$/.test(maxAge) ? Number(maxAge) : null,
  };
}

/**
 * The cause of a failure: what result type and reason code say, unless the policy that the sender held does not list the MX host. Then
 * that is the cause, whatever the sender called it. RFC 8461 §4.1
 */
export function findCause(failure: Failure, policies: readonly ReportedPolicy[]): string {
  const { cause } = explainFailure(failure);
  const mayFollow = /^(?:validation-failure|certificate-host-mismatch)$/.test(cause) && failure.mxHost !== "";
  const isUncovered = policies.some(
    ({ policyType, mx }) => policyType === "sts" && mx.length > 0 && !allowsMxHost(mx, failure.mxHost),
  );
  return mayFollow && isUncovered ? "policy-mx-mismatch" : cause;
}
