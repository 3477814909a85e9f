export { type CaaAccount, caaValues } from "./caa-values.ts";
export type { CaaValue, DnsRecordSet, MxValue } from "./dns-record-set.ts";
export { addressRecords, type TokenAnswers, tokenRecords } from "./token-records.ts";
