export { continuePolicyChange, stopPolicyChange } from "./continue-policy-change.ts";
export { getPolicyChange, listPolicyChanges, listPolicyLines } from "./get-policy-change.ts";
export { preparePolicyChange } from "./prepare-policy-change.ts";
