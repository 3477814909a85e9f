export type { Upstream } from "./answer-customer-query.ts";
export { buildSessionReport, type SenderSession } from "./build-session-report.ts";
export {
  buildTlsReportMail,
  formatSenderReport,
  reportFileName,
  type TlsReportToSend,
} from "./build-tls-report-mail.ts";
export type { SandboxConfig } from "./config.ts";
export { createSelfSignedCertificate } from "./create-self-signed-certificate.ts";
export type { CustomerRecord, CustomerRecordType } from "./customer-record.ts";
export { type Authority, openAuthority } from "./open-authority.ts";
export type { CaughtMail, CaughtMails } from "./open-caught-mails.ts";
export { type DkimKeys, dkimRecord, generateDkimKey, openDkimKeys } from "./open-dkim-keys.ts";
export {
  type CustomerZone,
  mxRecords,
  NO_STARTTLS_ADDRESS,
  type RecordInput,
  SandboxRefusal,
  type ZoneStore,
} from "./open-zone-store.ts";
export { type DnsServer, queryDns } from "./query-dns.ts";
export { type FrontOptions, type FrontServer, readFrontConfig } from "./read-front-config.ts";
export { SENDERS, type Sender } from "./sender-personalities.ts";
export { type AcmeCa, startAcmeCa } from "./start-acme-ca.ts";
export { type MockDns, startChalltestsrv } from "./start-challtestsrv.ts";
export { type ControlDeps, startControlApi } from "./start-control-api.ts";
export { type CustomerDns, startCustomerDns } from "./start-customer-dns.ts";
export { startHttp01Responder } from "./start-http01-responder.ts";
export { type MailCatcher, startMailCatcher } from "./start-mail-catcher.ts";
export { type Pebble, type PebbleOptions, startPebble } from "./start-pebble.ts";
export {
  type Delivery,
  type ReceivingMx,
  startReceivingMx,
} from "./start-receiving-mx.ts";
export { type Sandbox, startSandbox } from "./start-sandbox.ts";
export { type SandboxStep, type SendingMta, startSendingMta } from "./start-sending-mta.ts";
