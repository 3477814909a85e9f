export { createLogger, type Logger } from "./create-logger.ts";
export { createSelfSignedPair } from "./create-self-signed-pair.ts";
export { expectProxyHeaders } from "./expect-proxy-headers.ts";
export { explainFileError } from "./explain-file-error.ts";
export { explainInput } from "./explain-input.ts";
export { explainStartFailure, UNEXPLAINED_START } from "./explain-start-failure.ts";
export { networkOf } from "./network-of.ts";
export { openStateFiles, type StateFiles } from "./open-state-files.ts";
export { readVersion } from "./read-version.ts";
export { type OwnProcess, runApp } from "./run-app.ts";
export {
  loadSettings,
  SECRETS,
  SETTINGS,
  type SettingName,
  type Settings,
} from "./settings.ts";
export { SettingsError } from "./settings-error.ts";
export { startHealthServer } from "./start-health-server.ts";
export {
  type ClockState,
  type ServiceClock,
  type ServiceClockDeps,
  startServiceClock,
} from "./start-service-clock.ts";
export { TLS_GROUPS } from "./tls-groups.ts";
