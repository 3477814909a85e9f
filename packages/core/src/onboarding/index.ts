export { type AddDomainDeps, addDomain } from "./add-domain.ts";
export { addDomains } from "./add-domains.ts";
export { type CheckDomainDeps, checkDomain } from "./check-domain.ts";
export { enqueueDueChecks } from "./check-domain-due.ts";
export { finishLeaving, listLeavingDomains } from "./finish-leaving.ts";
export { leaveDomain } from "./leave-domain.ts";
export { previewDomains } from "./preview-domains.ts";
export { type DomainLine, readDomainLines } from "./read-domain-lines.ts";
export { type SurveyDeps, surveyDomain } from "./survey-domain.ts";
