export { AppError, type FieldProblem } from "./app-error.ts";
export { type Actor, type Context, type ContextSource, createContext, jobActor } from "./context.ts";
export { domainJobKey, enqueueJob, type JobName, type JobPayloads } from "./enqueue-job.ts";
export { recordEvent } from "./record-event.ts";
export { createSecretBox, type SecretBox } from "./secret-box.ts";
export { findLaggingNodes } from "./serving/find-lagging-nodes.ts";
export { listServingChanges } from "./serving/list-serving-changes.ts";
export { recordServingChange, SERVING_CHANNEL } from "./serving/record-serving-change.ts";
export { endServingLease, LEASE_MS, renewServingLease } from "./serving/renew-serving-lease.ts";
export {
  isToken,
  newToken,
  ownerName,
  parseTargetName,
  RECORD_KINDS,
  type RecordKind,
  reportAddresses,
  targetName,
} from "./setup-names.ts";
