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
