import type { Operations } from "@waxseal/client";

/**
 * What customer commands work with: operations of the API, by their names in its document. With an address they are sent to that API;
 * otherwise the same verbs work on the database. Answers have the same shapes, so that a command is written once.
 */
export type CustomerApi = Pick<
  Operations,
  | "acknowledgeIncident"
  | "addDomainsInBulk"
  | "assessDomainPolicy"
  | "checkDomain"
  | "continuePolicyChange"
  | "createApiKey"
  | "createChannel"
  | "createCustomer"
  | "createDomain"
  | "createPolicyChange"
  | "deleteApiKey"
  | "deleteChannel"
  | "deleteDomain"
  | "getAccountBrand"
  | "getAccountExport"
  | "getAccountRetention"
  | "getCustomersDomains"
  | "getCustomersReports"
  | "getDomain"
  | "getDomainConditions"
  | "getEventsExport"
  | "getInstructions"
  | "getInstructionsExport"
  | "getTlsReportsExport"
  | "leaveDomain"
  | "listApiKeys"
  | "listChannels"
  | "listCustomers"
  | "listDomains"
  | "listIncidents"
  | "listPolicyChangeLines"
  | "reparseQuarantine"
  | "restoreDomain"
  | "setAccountBrand"
  | "setAccountLogo"
  | "setAccountRetention"
  | "setDomainPolicy"
  | "snoozeIncident"
  | "stopPolicyChange"
  | "testChannel"
>;
