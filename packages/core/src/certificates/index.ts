export type { AcmeAuthorization, AcmeDirectory, AcmeOrder, AcmeReason } from "./acme-directory.ts";
export { AcmeError, type AcmeSubproblem } from "./acme-error.ts";
export { askRenewalWindows } from "./ask-renewal-windows.ts";
export { certificateJobKey } from "./certificate-job-key.ts";
export { CertificateProblem, type CertificateProblemCode } from "./certificate-problem.ts";
export {
  type AcmeDirectories,
  type AcmeDirectoriesOptions,
  createAcmeDirectories,
} from "./create-acme-directories.ts";
export { enqueueDueCertificates } from "./enqueue-due-certificates.ts";
export { ensureOperatorNames } from "./ensure-operator-names.ts";
export { CERTIFICATE_LEASE_MS } from "./hold-certificate-lease.ts";
export { type CaBudget, listCaBudgets } from "./list-ca-budgets.ts";
export { openCas } from "./open-cas.ts";
export { type OrderCertificateDeps, type OrderOutcome, orderCertificate } from "./order-certificate.ts";
export { pruneCertificates } from "./prune-certificates.ts";
export { type ResealedSecrets, resealSecrets } from "./reseal-secrets.ts";
export { stopCertificate } from "./stop-certificate.ts";
