import { constants } from "node:os";
import { expect, test } from "vitest";
import { explainNetworkError, explainTlsError, isNoRoute } from "./explain-network-error.ts";

const RAW = /\bE[A-Z]{4,}\b|HPE_|ERR_|SSL|0x|[A-Z]+_[A-Z_]+|\d{4}-\d\d-\d\dT|\.$|undefined|\bconnect /;

const withCode = (code: string, message: string) => Object.assign(new Error(message), { code });

test("no error of the system, of Node or of OpenSSL reaches a person as it is", () => {
  const codes = [
    ...Object.keys(constants.errno),
    ...[
      "ERR_STREAM_PREMATURE_CLOSE",
      "ERR_SOCKET_CLOSED",
      "ERR_TLS_CERT_ALTNAME_INVALID",
      "ERR_SSL_WRONG_VERSION_NUMBER",
    ],
    ...[
      "HPE_INVALID_CONSTANT",
      "HPE_HEADER_OVERFLOW",
      "HPE_CLOSED_CONNECTION",
      "ERR_SSL_TLSV1_ALERT_INTERNAL_ERROR",
    ],
  ];
  const sentences = codes.flatMap((code) => {
    const error = withCode(code, `connect ${code} 127.0.0.1:1`);
    return [
      explainNetworkError(error, { address: "192.0.2.1", port: 25 }),
      explainNetworkError(error),
      explainTlsError(error),
    ];
  });
  expect(codes.length).toBeGreaterThan(70);
  for (const sentence of [
    ...sentences,
    explainNetworkError("text"),
    explainTlsError(undefined),
    explainNetworkError(null),
  ]) {
    expect(sentence).not.toMatch(RAW);
    expect(sentence).toMatch(/^[A-Z1]/);
  }
});

test.each([
  ["ECONNREFUSED", "192.0.2.1 refuses connections on port 25"],
  ["ETIMEDOUT", "192.0.2.1 does not answer on port 25"],
  ["ENETUNREACH", "192.0.2.1 cannot be reached from here"],
  ["ECONNRESET", "192.0.2.1 closed the connection"],
  ["HPE_INVALID_CONSTANT", "The server does not speak HTTP"],
])("%s reads: %s", (code, sentence) => {
  expect(explainNetworkError(withCode(code, ""), { address: "192.0.2.1", port: 25 })).toBe(sentence);
});

test.each([
  ["tlsv1 unrecognized name", /no certificate for this name/],
  ["wrong version number", /does not speak TLS/],
  ["sslv3 alert handshake failure", /no TLS settings in common/],
  ["tlsv1 alert internal error", /an error of its own/],
  ["unexpected eof while reading", /closed the connection/],
])("RFC 8446 §6.2: OpenSSL's “%s” is put into words", (reason, words) => {
  expect(explainTlsError(Object.assign(new Error("x"), { code: "ERR_SSL_X", reason }))).toMatch(words);
});

test("no way from here is distinguished from a host that does not answer", () => {
  expect(
    ["ENETUNREACH", "EHOSTUNREACH", "EADDRNOTAVAIL"].every((code) => isNoRoute(withCode(code, ""))),
  ).toBe(true);
  expect(["ECONNREFUSED", "ETIMEDOUT"].some((code) => isNoRoute(withCode(code, "")))).toBe(false);
});
