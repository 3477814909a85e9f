import { type ChosenTls, chooseTls } from "../src/choose-tls.ts";
import { openTlsStream } from "../src/open-tls-stream.ts";

/** For `describe.each`: both ways in which the server may speak TLS. What holds for one has to hold for the other. */
export const TLS_PATHS: [string, ChosenTls][] = [
  ["Node's handle", await chooseTls()],
  ["Node's streams", { openTls: openTlsStream, path: "stream" }],
];
