export {
  type FindTlsRptRecordProblemCode,
  type FindTlsRptRecordResult,
  findTlsRptRecord,
} from "./find-tls-rpt-record.ts";
export { formatTlsRptRecord } from "./format-tls-rpt-record.ts";
export {
  parseTlsRptRecord,
  type TlsRptRecord,
  type TlsRptRecordProblemCode,
  type TlsRptRecordResult,
} from "./parse-tls-rpt-record.ts";
