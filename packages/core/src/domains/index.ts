export { checkDomainMx } from "./check-domain-mx.ts";
export { DOMAIN_CHANNEL } from "./domain-channel.ts";
export { draftPolicy, type MxHost } from "./draft-policy.ts";
export { findDomain } from "./find-domain.ts";
export { findMailProvider, type MailProvider } from "./find-mail-provider.ts";
export { getDomain, lockDomain } from "./get-domain.ts";
export { type DomainInput, normalizeDomainInput } from "./normalize-domain-input.ts";
export { listFilters, removeFilter, saveFilter } from "./save-filter.ts";
export { listTags, tagDomains } from "./tag-domains.ts";
