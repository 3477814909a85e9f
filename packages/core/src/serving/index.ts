export { CHECK_USER_AGENT } from "@waxseal/probes/check-user-agent";
export { blameHandshakeFailure } from "../domains/explain-handshake-failure.ts";
export { awaitServingNodes } from "./await-serving-nodes.ts";
export { findLaggingNodes } from "./find-lagging-nodes.ts";
export { findNewestServingSeq } from "./find-newest-serving-seq.ts";
export {
  followServingChanges,
  type ServingFollower,
  type ServingNodeDeps,
  type TakeEffect,
} from "./follow-serving-changes.ts";
export { CAA_ACCOUNTS_KEY, listCaaAccounts } from "./list-caa-accounts.ts";
export { listChallenges, type ServedChallenge } from "./list-challenges.ts";
export {
  findServedCertificate,
  findServedCertificates,
  listServedCertificates,
  type ServedCertificate,
} from "./list-served-certificates.ts";
export {
  findServedPolicies,
  findServedPolicy,
  listServedPolicies,
  type ServedPolicy,
} from "./list-served-policies.ts";
export { listServingChanges } from "./list-serving-changes.ts";
export { findManyTokenAnswers, findTokenAnswers, listTokenAnswers } from "./list-token-answers.ts";
export { pruneServingState } from "./prune-serving-state.ts";
export {
  type HandshakeFailures,
  type PolicyFetches,
  recordHandshakeFailures,
  recordPolicyFetches,
} from "./record-policy-fetches.ts";
export { recordServingChange, SERVING_CHANNEL } from "./record-serving-change.ts";
export { endServingLease, LEASE_MS, renewServingLease } from "./renew-serving-lease.ts";
