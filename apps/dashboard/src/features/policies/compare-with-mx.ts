import { allowsMxHost } from "@waxseal/mta-sts";

export type MxComparison = {
  /** Live hosts that no pattern allows. */
  uncovered: string[];
  /** For each pattern, by its place in the list: the live hosts it allows. */
  coveredBy: string[][];
};

/** How the mx lines of a policy and the domain's live MX hosts fit together. RFC 8461 §4.1 */
export function compareWithMx(patterns: readonly string[], mxHosts: readonly string[]): MxComparison {
  return {
    uncovered: mxHosts.filter((mxHost) => !allowsMxHost(patterns, mxHost)),
    coveredBy: patterns.map((pattern) => mxHosts.filter((mxHost) => allowsMxHost([pattern], mxHost))),
  };
}
