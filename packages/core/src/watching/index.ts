export { checkAtOnce } from "./check-at-once.ts";
export { type DomainKey, evaluateDomains } from "./evaluate-domains.ts";
export { lookAtOnce } from "./look-at-once.ts";
export { probeDueMxHosts } from "./probe-due-mx-hosts.ts";
export { pruneWatching } from "./prune-watching.ts";
export { sweepJudgements } from "./sweep-judgements.ts";
