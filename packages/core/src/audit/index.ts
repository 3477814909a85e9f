export { describeEvent } from "./describe-event.ts";
export { exportEvents } from "./export-events.ts";
export { listEvents } from "./list-events.ts";
