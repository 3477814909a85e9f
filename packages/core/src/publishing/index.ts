export { createBuiltinPublisher } from "./create-builtin-publisher.ts";
export { createRoute53Publisher } from "./create-route53-publisher.ts";
export { type AnswerState, createSecondary, type Secondary } from "./create-secondary.ts";
export { createSecondaryLeases } from "./create-secondary-leases.ts";
export type { Route53Options } from "./open-route53-zone.ts";
export { publishDomainRecords } from "./publish-domain-records.ts";
export type { DnsChange, Publisher } from "./publisher.ts";
export { reconcileRecords } from "./reconcile-records.ts";
export { type ComparedSecondary, reconcileSecondaries, TRANSFER_AGAIN_KEY } from "./reconcile-secondaries.ts";
