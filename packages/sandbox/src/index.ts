export { createSelfSignedCertificate } from "./create-self-signed-certificate.ts";
export { type Authority, openAuthority } from "./open-authority.ts";
export { type MockDns, startChalltestsrv } from "./start-challtestsrv.ts";
export { startHttp01Responder } from "./start-http01-responder.ts";
export { type Pebble, type PebbleOptions, startPebble } from "./start-pebble.ts";
