import { allowsMxHost, type ExplainedMxHostProblem, explainMxHostProblem } from "@waxseal/mta-sts";

export type MxComparison = {
  /** Live hosts that no pattern allows. */
  uncovered: string[];
  /** Those of them that no policy may list, as no certificate can prove them. */
  unusable: ExplainedMxHostProblem[];
  /** For each pattern, by its place in the list: the live hosts it allows. */
  coveredBy: string[][];
};

/** How the mx lines of a policy and the domain's live MX hosts fit together. RFC 8461 §4.1 */
export function compareWithMx(patterns: readonly string[], mxHosts: readonly string[]): MxComparison {
  const uncovered = mxHosts.filter((mxHost) => !allowsMxHost(patterns, mxHost));
  return {
    uncovered,
    unusable: uncovered.flatMap((mxHost) => explainMxHostProblem(mxHost) ?? []),
    coveredBy: patterns.map((pattern) => mxHosts.filter((mxHost) => allowsMxHost([pattern], mxHost))),
  };
}
