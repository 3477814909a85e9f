export { createBuiltinPublisher } from "./create-builtin-publisher.ts";
export type { CaaValue, DnsRecordSet, MxValue } from "./dns-record-set.ts";
export type { DnsChange, Publisher } from "./publisher.ts";
export { addressRecords, type TokenAnswers, tokenRecords } from "./token-records.ts";
