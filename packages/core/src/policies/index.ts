export {
  cacheHorizonAt,
  findFirstPublishedAt,
  type ServedVersion,
  versionHorizonAt,
} from "../domains/cache-horizon-at.ts";
export { addPolicyVersion } from "./add-policy-version.ts";
export { type AssessDeps, assessPolicyChange, presentAssessment } from "./assess-policy-change.ts";
export { createAssessDeps } from "./create-assess-deps.ts";
export { getPolicy, presentPolicy } from "./get-policy.ts";
export { type FetchServedPolicy, getServedPolicy } from "./get-served-policy.ts";
export { listPolicyFetches } from "./list-policy-fetches.ts";
export { listPolicyVersions } from "./list-policy-versions.ts";
export { presentPolicyVersion } from "./present-policy-version.ts";
export { pruneAssessments } from "./prune-assessments.ts";
export { type PublishOutcome, type PublishPolicyDeps, publishPolicy } from "./publish-policy.ts";
export { enqueueDuePublications } from "./publish-policy-due.ts";
export { restorePolicyVersion } from "./restore-policy-version.ts";
export { type PolicyInput, readPolicyForDomain, setPolicy } from "./set-policy.ts";
