export { getDigest } from "./get-digest.ts";
export { getHome } from "./get-home.ts";
export { getCustomer, listCustomers } from "./list-customers.ts";
export { listDomains } from "./list-domains.ts";
export { listPortfolio } from "./list-portfolio.ts";
export { sendDigests } from "./send-digests.ts";
export { summarizeCustomers } from "./summarize-customers.ts";
export { tagChosenDomains } from "./tag-chosen-domains.ts";
