export { closeAccount } from "./close-account.ts";
export { deleteOwnSignIn } from "./delete-own-sign-in.ts";
export { exportAccount } from "./export-account.ts";
export { exportPerson } from "./export-person.ts";
export { finishClosing, listClosingAccounts } from "./finish-closing.ts";
export { getClosing } from "./get-closing.ts";
export { keepAccount } from "./keep-account.ts";
export type { ClosingDeps } from "./mail-owners.ts";
export { restoreKeptDomains } from "./restore-kept-domains.ts";
