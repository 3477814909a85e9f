import type { FailureClusterView } from "@waxseal/contract";
import type { z } from "zod";
import type { Context } from "../../context.ts";
import { shiftDay } from "../../day-range.ts";
import type { FindNetwork } from "../../networks/create-network-finder.ts";
import { safeCount } from "../../safe-count.ts";
import type { SourceFilter, TrustLevel } from "../trust/report-source.ts";
import { explainResult } from "../understanding/explain-result.ts";
import { describeHeldPolicy, findOwnMode } from "./describe-held-policy.ts";
import { describeOutcome } from "./describe-outcome.ts";
import { describePolicyHosting } from "./describe-policy-hosting.ts";
import type { ReportedPolicy } from "./find-policy-evidence.ts";
import { formatFixMessage } from "./format-fix-message.ts";

type View = z.infer<typeof FailureClusterView>;
type Named = { name: string; failed: number };

/** Failures of one result type at one MX host that one reporter reported with one reason. */
export type ClusterPart = {
  row: {
    result_type: string;
    mx_host: string;
    reporter: string;
    trust: TrustLevel;
    reason_code: string;
    first_day: string;
    last_day: string;
    failed: string;
    failed_before: string;
    domains: Named[] | null;
    addresses: Named[] | null;
  };
  policies: readonly ReportedPolicy[];
  cause: string;
};

type Surroundings = {
  from: string;
  totalSessions: number;
  /** The reports that were asked for. */
  trust: SourceFilter["trust"];
  /** The newest day about which a reporter reported anything, failures or not. */
  lastReportDays: ReadonlyMap<string, string>;
  /** By domain, see `loadOwnModes`. */
  ownModes: ReadonlyMap<string, string>;
  findNetwork: FindNetwork;
};

const MAX_NAMED = 10;
const UNPROVEN =
  "No report of this failure is proven to come from the sender it names, so check that the failure is real before you act.";
/** A quarter more or less than before is a change; anything smaller is the noise of a mail server's week. */
const CHANGE = 0.25;

/** Presents the parts of one cause, most failures first, as one cluster with its reporters inside it. */
export async function presentCluster(
  ctx: Context,
  parts: readonly ClusterPart[],
  { from, totalSessions, trust, lastReportDays, ownModes, findNetwork }: Surroundings,
): Promise<View> {
  const rows = parts.map(({ row }) => row);
  const failedSessions = rows.reduce((sum, row) => sum + safeCount(row.failed), 0);
  const firstDay = rows.map(({ first_day }) => first_day).toSorted()[0] ?? from;
  const lastDay =
    rows
      .map(({ last_day }) => last_day)
      .toSorted()
      .at(-1) ?? from;
  const policies = parts.flatMap((part) => part.policies);
  const mxHosts = [...new Set(rows.map(({ mx_host }) => mx_host).filter((mxHost) => mxHost !== ""))];
  const reporters = listReporters(rows);
  const addresses = addUp(rows.flatMap((row) => row.addresses ?? []));
  const domains = addUp(rows.flatMap((row) => row.domains ?? [])).map(({ name }) => name);
  const explanation = await explain(ctx, parts[0]?.cause ?? "unknown", policies, mxHosts, {
    domains,
    resultTypes: [...new Set(rows.map(({ result_type }) => result_type))],
    from: firstDay < from ? from : firstDay,
    to: lastDay,
    trust,
    sendingAddresses: addresses.map(({ name }) => name),
  });
  const proven = rows.filter((row) => row.trust === "aligned");
  const provenFailedSessions = proven.reduce((sum, row) => sum + safeCount(row.failed), 0);
  const evidence = {
    cause: parts[0]?.cause ?? "unknown",
    resultType: rows[0]?.result_type ?? "unknown",
    mxHost: mxHosts.length === 1 ? (mxHosts[0] ?? "") : "",
    byResult: sumBy(rows, ({ result_type }) => result_type),
    byMxHost: sumBy(rows, ({ mx_host }) => mx_host),
    reporter: reporters[0]?.reporter ?? "",
    reasonCode: rows[0]?.reason_code ?? "",
    reporters,
    firstDay,
    lastDay,
    failedSessions,
    provenFailedSessions,
    domains,
    sendingAddresses: await Promise.all(
      addresses.map(async ({ name, failed }) => ({
        sendingMtaIp: name,
        failedSessions: failed,
        network: await findNetwork(name),
      })),
    ),
    outcome: describeOutcome(policies, {
      cause: parts[0]?.cause ?? "",
      ownMode: findOwnMode(policies, ownModes),
    }),
    ...explanation,
    nextStep: provenFailedSessions > 0 ? explanation.nextStep : `${UNPROVEN} ${explanation.nextStep}`,
  };
  return {
    ...evidence,
    share: totalSessions === 0 ? 0 : Math.min(1, failedSessions / totalSessions),
    status: describeStatus(rows, { firstDay, lastDay }, lastReportDays),
    trend: describeTrend(
      failedSessions,
      rows.reduce((sum, row) => sum + safeCount(row.failed_before), 0),
    ),
    // The message counts the failures of the range only, so it names no day before it.
    message: formatFixMessage({ ...evidence, firstDay: firstDay < from ? from : firstDay }),
  };
}

async function explain(
  ctx: Context,
  cause: string,
  policies: readonly ReportedPolicy[],
  mxHosts: readonly string[],
  failures: Parameters<typeof describePolicyHosting>[1],
): Promise<Pick<View, "title" | "meaning" | "fixedBy" | "nextStep">> {
  const { title, meaning, usualOwner, nextStep } = explainResult(cause);
  const [held] = policies.filter(({ policyType, mx }) => policyType === "sts" && mx.length > 0);
  const compared = cause.startsWith("sts-")
    ? await describePolicyHosting(ctx, failures)
    : cause === "policy-mx-mismatch" && held
      ? await describeHeldPolicy(ctx, held, mxHosts)
      : undefined;
  if (!compared) return { title, meaning, fixedBy: usualOwner, nextStep };
  return {
    title,
    meaning: `${meaning} ${compared.sentence}`,
    fixedBy: compared.fixedBy,
    nextStep: compared.nextStep,
  };
}

function listReporters(rows: readonly ClusterPart["row"][]): View["reporters"] {
  // The bare name of a reporter is shown for its aligned and its unsigned reports: these stay two entries.
  return [...Map.groupBy(rows, ({ reporter, trust }) => JSON.stringify([reporter, trust])).values()]
    .map((said) => ({
      reporter: said[0]?.reporter ?? "",
      trust: said[0]?.trust ?? "unsigned",
      failedSessions: said.reduce((sum, row) => sum + safeCount(row.failed), 0),
      reasonCodes: [
        ...new Set(said.map(({ reason_code }) => reason_code).filter((code) => code !== "")),
      ].slice(0, MAX_NAMED),
      firstDay: said.map(({ first_day }) => first_day).toSorted()[0] ?? "",
      lastDay:
        said
          .map(({ last_day }) => last_day)
          .toSorted()
          .at(-1) ?? "",
    }))
    .sort((a, b) => b.failedSessions - a.failedSessions);
}

function sumBy(
  rows: readonly ClusterPart["row"][],
  keyOf: (row: ClusterPart["row"]) => string,
): Record<string, number> {
  return Object.fromEntries(
    [...Map.groupBy(rows, keyOf)].map(([key, same]) => [
      key,
      same.reduce((sum, { failed }) => sum + safeCount(failed), 0),
    ]),
  );
}

/** The names with most failures, those alike added up. */
function addUp(named: readonly Named[]): Named[] {
  return [...Map.groupBy(named, ({ name }) => name).entries()]
    .map(([name, all]) => ({ name, failed: all.reduce((sum, { failed }) => sum + failed, 0) }))
    .sort((a, b) => b.failed - a.failed || (a.name < b.name ? -1 : 1))
    .slice(0, MAX_NAMED);
}

/** Whether every reporter of the failure has since reported on a later day without it. */
function describeStatus(
  rows: readonly ClusterPart["row"][],
  { firstDay, lastDay }: { firstDay: string; lastDay: string },
  lastReportDays: ReadonlyMap<string, string>,
): View["status"] {
  const isOver = rows.every(({ reporter }) => (lastReportDays.get(reporter) ?? "") > lastDay);
  return isOver ? { state: "over", since: shiftDay(lastDay, 1) } : { state: "continuing", since: firstDay };
}

function describeTrend(now: number, failedSessionsBefore: number): View["trend"] {
  if (failedSessionsBefore === 0) return { direction: "new", failedSessionsBefore };
  const change = now / failedSessionsBefore - 1;
  const direction = change > CHANGE ? "rising" : change < -CHANGE ? "falling" : "steady";
  return { direction, failedSessionsBefore };
}
