export { exportMonthlyReport } from "./export-monthly-report.ts";
export { findAnything } from "./find-anything.ts";
export { MONTHLY_POLICY } from "./format-monthly-html.ts";
export { getDigest } from "./get-digest.ts";
export { getHome } from "./get-home.ts";
export { getMonthlyReport } from "./get-monthly-report.ts";
export { getCustomer, listCustomers } from "./list-customers.ts";
export { listDomains } from "./list-domains.ts";
export { listPortfolio } from "./list-portfolio.ts";
export {
  addMonthlyRecipient,
  confirmMonthlyReports,
  listMonthlyRecipients,
  type MonthlyMailDeps,
  removeMonthlyRecipient,
  setMonthlyToCustomers,
  stopMonthlyReports,
} from "./monthly-recipients.ts";
export { openMonthlyPage } from "./open-monthly-page.ts";
export { sendDigests } from "./send-digests.ts";
export { type MonthlyDeps, sendMonthlyReports } from "./send-monthly-reports.ts";
export { summarizeCustomers } from "./summarize-customers.ts";
export { tagChosenDomains } from "./tag-chosen-domains.ts";
