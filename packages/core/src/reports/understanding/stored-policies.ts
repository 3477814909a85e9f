import type { PolicyResult } from "@waxseal/tls-rpt";

/** Types the `policies` column of `tls_report`. Only storeUnderstoodMessages writes it, from PolicyResult[]. */
export function storedPolicies(policies: unknown): PolicyResult[] {
  return policies as PolicyResult[];
}
