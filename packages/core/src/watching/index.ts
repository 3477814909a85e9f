export { type DomainKey, evaluateDomains } from "./evaluate-domains.ts";
export { sweepJudgements } from "./sweep-judgements.ts";
