export { AppError, type Collision, type FieldProblem } from "./app-error.ts";
export { type Actor, type Context, type ContextSource, createContext, jobActor } from "./context.ts";
export { domainJobKey, enqueueJob, enqueueJudgement, type JobName, type JobPayloads } from "./enqueue-job.ts";
export { HOSTING_SETTING_NAMES, type HostingSettings, readHostingSettings } from "./hosting-settings.ts";
export { operatorAddress } from "./operator-address.ts";
export { recordEvent } from "./record-event.ts";
export { requirePermission } from "./require-permission.ts";
export { createSecretBox, type SecretBox } from "./secret-box.ts";
export {
  isToken,
  newToken,
  ownerName,
  parseTargetName,
  RECORD_KINDS,
  type RecordKind,
  reportAddresses,
  reportsMxHost,
  targetName,
} from "./setup-names.ts";
export type { StreamedFile } from "./streamed-file.ts";
