export { allowsMxHost } from "./allows-mx-host.ts";
export { checkPolicy, MAX_MX_PATTERNS, type PolicyDraft, type PolicyProblem } from "./check-policy.ts";
export {
  type CachedPolicy,
  createPolicyResolver,
  type PolicyCache,
  type PolicyResolverOptions,
  type ResolvedPolicy,
} from "./create-policy-resolver.ts";
export type { FindingSeverity, PolicyFinding, PolicyFindingCode } from "./describe-finding.ts";
export { fetchPolicyBody, type PolicyBody, type PolicyFetch } from "./fetch-policy-body.ts";
export {
  type ExplainedMxHostProblem,
  explainMxHostProblem,
  findMxHostProblem,
  isPrivateName,
  type MxHostProblem,
} from "./find-mx-host-problem.ts";
export { findMxPatternProblem, type MxPatternProblem } from "./find-mx-pattern-problem.ts";
export { type FoundStsRecord, findStsRecord } from "./find-sts-record.ts";
export { formatPolicy } from "./format-policy.ts";
export { formatStsRecord } from "./format-sts-record.ts";
export { newPolicyId } from "./new-policy-id.ts";
export { normalizeMxPattern } from "./normalize-mx-pattern.ts";
export { type ParsedPolicy, parsePolicy } from "./parse-policy.ts";
export { type ParsedStsRecord, parseStsRecord, type StsRecordWarning } from "./parse-sts-record.ts";
export {
  isPolicyMode,
  MAX_AGE_LIMIT_SECONDS,
  MAX_POLICY_BYTES,
  POLICY_MODES,
  type Policy,
  type PolicyMode,
} from "./policy.ts";
export { type LenientPolicy, readPolicyLeniently } from "./read-policy-leniently.ts";
