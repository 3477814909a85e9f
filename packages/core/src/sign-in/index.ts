export { type Authenticated, authenticate, authenticatePerson } from "./authenticate.ts";
export { CLIENT_ADDRESS_HEADER } from "./client-address-header.ts";
export { type Auth, type AuthOptions, createAuth } from "./create-auth.ts";
export { deriveAuthSecrets } from "./derive-auth-secrets.ts";
export { getMe } from "./get-me.ts";
export { resealAppSecrets } from "./reseal-app-secrets.ts";
