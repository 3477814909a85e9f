export { findLaggingNodes } from "./find-lagging-nodes.ts";
export { listServingChanges } from "./list-serving-changes.ts";
export { recordServingChange, SERVING_CHANNEL } from "./record-serving-change.ts";
export { endServingLease, LEASE_MS, renewServingLease } from "./renew-serving-lease.ts";
