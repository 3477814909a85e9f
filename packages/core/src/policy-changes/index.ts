export { applyDueWaves } from "./apply-due-waves.ts";
export { continuePolicyChange } from "./continue-policy-change.ts";
export { getPolicyChange, listPolicyChanges, listPolicyLines } from "./get-policy-change.ts";
export { preparePolicyChange } from "./prepare-policy-change.ts";
export { revertPolicyChange } from "./revert-policy-change.ts";
export { stopPolicyChange } from "./stop-policy-change.ts";
