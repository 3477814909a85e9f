export { acknowledgeIncident, noteIncident, snoozeIncident } from "./change-incident.ts";
export { listChannels, listDeliveries } from "./list-channels.ts";
export { getIncident, listIncidents } from "./list-incidents.ts";
export { mailOwnersLast } from "./mail-owners-last.ts";
export {
  addChannel,
  type ChannelDeps,
  changeChannel,
  removeChannel,
  rotateChannelSecret,
} from "./manage-channels.ts";
export { pruneDeliveries } from "./prune-deliveries.ts";
export { receiveBounces, TEST_MAIL_SETTING } from "./receive-bounces.ts";
export { recordAlertChanges } from "./record-alert-changes.ts";
export { reviewReceivers } from "./review-receivers.ts";
export { type SendDeps, sendNotifications } from "./send-notifications.ts";
export {
  confirmChannel,
  getSubscription,
  keepSummariesWeekly,
  setSubscription,
  stopSummaries,
  unsubscribe,
} from "./subscriptions.ts";
export { resendNotification, type TestDeps, tryChannel } from "./try-channel.ts";
