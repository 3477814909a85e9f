export { createClient } from "./create-client.ts";
export { eachItem } from "./each-item.ts";
export { OPERATIONS } from "./generated/operations.ts";
export type {
  Answer,
  ClientOptions,
  Input,
  OperationId,
  Operations,
  RequestOptions,
  Schemas,
} from "./operation-types.ts";
export { type Problem, WaxsealError } from "./waxseal-error.ts";
