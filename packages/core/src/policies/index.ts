export { addPolicyVersion } from "./add-policy-version.ts";
export {
  cacheHorizonAt,
  findFirstPublishedAt,
  type ServedVersion,
  versionHorizonAt,
} from "./cache-horizon-at.ts";
export { listPolicyVersions } from "./list-policy-versions.ts";
export { presentPolicyVersion } from "./present-policy-version.ts";
export { restorePolicyVersion } from "./restore-policy-version.ts";
export { type PolicyInput, setPolicy } from "./set-policy.ts";
