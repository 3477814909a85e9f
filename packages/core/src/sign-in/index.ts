export { CLIENT_ADDRESS_HEADER } from "./client-address-header.ts";
export { type Auth, type AuthOptions, createAuth } from "./create-auth.ts";
export { createMailer, type Mail, type Mailer } from "./create-mailer.ts";
export { deriveAuthSecrets } from "./derive-auth-secrets.ts";
export { resealAppSecrets } from "./reseal-app-secrets.ts";
