export { getSso } from "./get-sso.ts";
export { removeSso } from "./remove-sso.ts";
export { type SsoDeps, setSso } from "./set-sso.ts";
