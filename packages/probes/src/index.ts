export {
  type AddressCheck,
  describeAddresses,
  type EveryAddress,
  fetchPolicyEverywhere,
  probeMxEverywhere,
} from "./check-every-address.ts";
export {
  CHECKS,
  type CheckArea,
  type CheckCode,
  type CheckFinding,
  type CheckSeverity,
} from "./check-finding.ts";
export type { ConnectFailure } from "./connect-to-host.ts";
export { type AddressGuard, createAddressGuard } from "./create-address-guard.ts";
export {
  createHttpsClient,
  type HttpsAnswer,
  type HttpsClient,
  type HttpsClientOptions,
  type HttpsFailure,
  type HttpsRequest,
} from "./create-https-client.ts";
export { createNetworkGate, type NetworkGate, networkOf } from "./create-network-gate.ts";
export { createOtherResolvers, type OtherResolvers } from "./create-other-resolvers.ts";
export { createResolver, type Resolver, type ResolverOptions } from "./create-resolver.ts";
export type { CertificateFacts, CertificateFault, ChainLink } from "./describe-certificate.ts";
export type { CaaRecord, DnsAnswer, DnsMissing, HostAddress, MxRecord, TlsaRecord } from "./dns-answer.ts";
export type { HttpExchange, HttpFailure } from "./exchange-over-http.ts";
export { isBrokenDnssec } from "./explain-bogus-dnssec.ts";
export { explainNetworkError } from "./explain-network-error.ts";
export { type FetchedHttp01, type FetchHttp01Options, fetchHttp01 } from "./fetch-http01.ts";
export {
  type FetchedPolicy,
  type FetchPolicyFailure,
  type FetchPolicyOptions,
  fetchPolicy,
  policyHostOf,
} from "./fetch-policy.ts";
export { allowsIssuance, type CaaIssuer, type FoundCaa, findCaa } from "./find-caa.ts";
export { type DomainInspection, type InspectDomainOptions, inspectDomain } from "./inspect-domain.ts";
export type { CheckedMx } from "./judge-mx.ts";
export type { CheckedPolicy } from "./judge-policy.ts";
export type { CheckedRecord } from "./judge-record.ts";
export { listRecordsToPublish, type RecordToPublish, type ToPublish } from "./list-records-to-publish.ts";
export { type CnameLookUp, lookUpCname, type SeenRecord } from "./look-up-cname.ts";
export { isUsableTlsa, matchesTlsa } from "./match-tlsa.ts";
export { type MxProbe, type MxProbeFailure, type ProbeMxHostOptions, probeMxHost } from "./probe-mx-host.ts";
export type { TlsFailure } from "./start-tls.ts";
