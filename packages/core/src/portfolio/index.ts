export { listDomains } from "./list-domains.ts";
export { listPortfolio } from "./list-portfolio.ts";
