export type { AlertChange, ChangedAlert } from "./alert-change.ts";
export { recordAlertChanges } from "./record-alert-changes.ts";
export { type SendDeps, sendNotifications } from "./send-notifications.ts";
