/** What the answers we give depend on, the same in every process of an installation. */
export type HostingSettings = {
  /** The zone all CNAME targets live in. */
  hostedZone: string;
  /** Behind the @ of report addresses. */
  reportsDomain: string;
  /** Host of the HTTPS report upload; undefined: mail only. */
  reportsHost?: string | undefined;
  /** A and AAAA of every policy host. */
  policyAddresses: readonly string[];
  /** Names of the nameservers of the hosted zone; the first is the SOA's primary. */
  nameservers: readonly string[];
  /** CAs that may issue for policy hosts. RFC 8659 §4.2 */
  caaIdentities: readonly string[];
};

/** The environment variables these settings come from. */
export const HOSTING_SETTING_NAMES = [
  "HOSTED_ZONE",
  "REPORTS_DOMAIN",
  "REPORTS_HOST",
  "POLICY_ADDRESSES",
  "NAMESERVERS",
  "ACME_CAA_IDENTITIES",
] as const;

/** The hosting settings among the values of those variables. */
export function readHostingSettings(values: {
  HOSTED_ZONE: string;
  REPORTS_DOMAIN: string;
  REPORTS_HOST: string | undefined;
  POLICY_ADDRESSES: readonly string[];
  NAMESERVERS: readonly string[];
  ACME_CAA_IDENTITIES: readonly string[];
}): HostingSettings {
  return {
    hostedZone: values.HOSTED_ZONE,
    reportsDomain: values.REPORTS_DOMAIN,
    reportsHost: values.REPORTS_HOST,
    policyAddresses: values.POLICY_ADDRESSES,
    nameservers: values.NAMESERVERS,
    caaIdentities: values.ACME_CAA_IDENTITIES,
  };
}
