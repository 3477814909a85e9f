export {
  clearCondition,
  type ListedCondition,
  listConditions,
  type OperatorCondition,
  raiseCondition,
} from "./operator-condition.ts";
export { type AppClock, describeClock, readDatabaseTimeMs, startAppClock } from "./start-app-clock.ts";
export { tellStateAge } from "./tell-state-age.ts";
export { type SchemaNeed, watchSchema } from "./watch-schema.ts";
