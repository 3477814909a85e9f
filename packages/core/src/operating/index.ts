export { askDatabase } from "./ask-database.ts";
export { deliverConditions, type OperatorMessage, type SendToOperator } from "./deliver-conditions.ts";
export { judgeOperator, type OperatorFacts, type OperatorFinding } from "./judge-operator.ts";
export { type DatabaseRoom, measureDatabaseRoom } from "./measure-database-room.ts";
export { measureInstallation } from "./measure-installation.ts";
export {
  clearCondition,
  type ListedCondition,
  listConditions,
  type OperatorCondition,
  raiseCondition,
} from "./operator-condition.ts";
export { type AppClock, describeClock, readDatabaseTimeMs, startAppClock } from "./start-app-clock.ts";
export { tellDiskRoom } from "./tell-disk-room.ts";
export { tellStateAge } from "./tell-state-age.ts";
export { type KeysNeed, watchKeys } from "./watch-keys.ts";
export { type SchemaNeed, watchSchema } from "./watch-schema.ts";
