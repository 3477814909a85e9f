/**
 * The Postgres channel on which triggers say which domain looks different now: account id, a space, domain id.
 * What is lost while a listener is away is not repeated.
 */
export const DOMAIN_CHANNEL = "waxseal_domain";
