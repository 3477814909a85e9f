export { createBuiltinPublisher } from "./create-builtin-publisher.ts";
export { createRoute53Publisher } from "./create-route53-publisher.ts";
export type { CaaValue, DnsRecordSet, MxValue } from "./dns-record-set.ts";
export type { Route53Options } from "./open-route53-zone.ts";
export type { DnsChange, Publisher } from "./publisher.ts";
export { reconcileRecords } from "./reconcile-records.ts";
export { addressRecords, type TokenAnswers, tokenRecords } from "./token-records.ts";
