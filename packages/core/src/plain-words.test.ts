import { constants } from "node:os";
import { EVENT_KINDS, QuarantineReason } from "@waxseal/contract";
import { explainDatabaseError } from "@waxseal/db";
import { explainNetworkError } from "@waxseal/probes";
import { explainFileError } from "@waxseal/runtime";
import { expect, test } from "vitest";
import { findRawWords } from "../testing/find-raw-words.ts";
import { describeEvent } from "./audit/describe-event.ts";
import { AcmeError } from "./certificates/acme-error.ts";
import { findCertificateProblem } from "./certificates/certificate-problem.ts";
import { explainHandshakeFailure } from "./domains/explain-handshake-failure.ts";
import { explainQuarantine } from "./reports/reading/explain-quarantine.ts";

const ERRNOS = [
  ...Object.keys(constants.errno),
  "EAI_AGAIN",
  "ENOTFOUND",
  "ERR_SSL_WRONG_VERSION_NUMBER",
  "HPE_INVALID_CONSTANT",
];
const CODES = [...QuarantineReason.options, ...EVENT_KINDS];

/** As Node throws it: the text and every field name the code. */
const nodeError = (code: string) =>
  Object.assign(new Error(`connect ${code} 127.0.0.1:1`), { code, errno: -111, syscall: "connect" });

/** Fails with the texts that hold what no person should read. */
function expectPlain(texts: Record<string, string | undefined>) {
  const raw = Object.entries(texts).flatMap(([name, text]) =>
    findRawWords(text ?? "", CODES).map((word) => `${name}: ${word} in "${text}"`),
  );
  expect(raw).toEqual([]);
}

const each = (names: readonly string[], say: (name: string) => string | undefined) =>
  Object.fromEntries(names.map((name) => [name, say(name)]));

test("the finder finds each kind of raw text, and leaves ordinary English alone", () => {
  const raw = [
    ...["connect ECONNREFUSED 127.0.0.1:1", "since 2026-11-27T22:23:36.000Z", "answered not-json"],
    ...[
      "it is undefined",
      "ERR_TLS_CERT refused",
      "mxHosts are wrong",
      "certificate.failed",
      "SQLSTATE 57P01",
    ],
  ];
  expect(raw.filter((text) => findRawWords(text, CODES).length === 0)).toEqual([]);
  const plain =
    "A self-signed certificate: EHLO to mx1.example.com, set up two-factor sign-in by 27 Nov 2026, 22:10 UTC.";
  expect(findRawWords(plain, CODES)).toEqual([]);
});

test("every error of a socket, a file and the database is explained in words", () => {
  expectPlain(
    each(ERRNOS, (code) => explainNetworkError(nodeError(code), { address: "192.0.2.1", port: 25 })),
  );
  expectPlain(each(ERRNOS, (code) => `x ${explainFileError(nodeError(code))}`));
  const states = [
    "08006",
    "28P01",
    "3D000",
    "40001",
    "42P01",
    "42501",
    "53100",
    "53300",
    "57P01",
    "57P03",
    "25006",
  ];
  const postgres = (code: string) => Object.assign(new Error(`error ${code}`), { code, severity: "FATAL" });
  expectPlain(
    each(states, (code) => explainDatabaseError(postgres(code), "postgresql://u:p@db.example:5432/waxseal")),
  );
});

const DATA: readonly [name: string, data: Record<string, unknown>][] = [
  ["no data", {}],
  [
    "data of another shape",
    { to: 7, record: {}, reason: "of-another-release", before: null, data: undefined },
  ],
  ...["correct", "wrong", "missing", "unreachable", "unchecked"].map(
    (to) =>
      [`record ${to}`, { record: "stsRecord", to, seen: "elsewhere.example" }] as [
        string,
        Record<string, unknown>,
      ],
  ),
  ...QuarantineReason.options.map(
    (reason) => [reason, { reason, code: "ca.refused" }] as [string, Record<string, unknown>],
  ),
  ["instants", { notAfter: "2026-11-27T22:23:36.000Z", expiresAt: "2026-11-27T22:23:36.000Z" }],
];

test("every event is described in words, whatever its data", () => {
  for (const kind of [...EVENT_KINDS, "kind.ofAnotherRelease"]) {
    expectPlain(
      Object.fromEntries(DATA.map(([name, data]) => [`${kind}, ${name}`, describeEvent(kind, data)])),
    );
  }
});

test("a failed single sign-on is described with its code and reason, and without what is missing", () => {
  const describe = (data: Record<string, unknown>) => describeEvent("sso.failed", data);
  expect(describe({ code: "S-20", detail: "It names another issuer." })).toBe(
    "A single sign-on failed (S-20): It names another issuer.",
  );
  expect(describe({ code: "ca.refused" })).toBe("A single sign-on failed.");
  expect(describe({ code: 7, detail: {} })).toBe("A single sign-on failed.");
});

test("every reason for quarantine is explained in words", () => {
  expectPlain(
    each(QuarantineReason.options, (reason) => {
      const { title, nextStep } = explainQuarantine(QuarantineReason.parse(reason), "example.com");
      // The owner's DNS, as its operators write it.
      return `${title} ${nextStep}`.replaceAll(/_(?:dmarc|smtp|tls)/g, "");
    }),
  );
});

const ACME_TYPES = [
  ...[
    "accountDoesNotExist",
    "badCSR",
    "badNonce",
    "caa",
    "compound",
    "connection",
    "dns",
    "incorrectResponse",
  ],
  ...[
    "malformed",
    "orderNotReady",
    "rateLimited",
    "rejectedIdentifier",
    "serverInternal",
    "tls",
    "unauthorized",
  ],
  ...["userActionRequired", "unsupportedIdentifier", "toString", ""],
];

test("RFC 8555 §6.7: every refusal of a CA is explained in words, without the CA's own", () => {
  const refusal = (type: string) =>
    new AcmeError("refused", `urn:ietf:params:acme:error:${type} :: ECONNREFUSED at 2026-11-27T22:23:36Z`, {
      type,
    });
  const say = (error: AcmeError) => findCertificateProblem(error, "https://acme.example/directory")?.message;
  expectPlain(each(ACME_TYPES, (type) => say(refusal(type))));
  expectPlain(each(ERRNOS, (code) => say(new AcmeError("unreachable", code, { cause: nodeError(code) }))));
  expect(say(new AcmeError("unusable", "Unexpected token < in JSON"))).toMatch(/cannot use/);
  const caa = new AcmeError("refused", "", { type: "compound", subproblems: [{ type: "caa", detail: "x" }] });
  expect(say(caa)).toMatch(/CAA record/);
});

test("every failed handshake is explained in words", () => {
  const reasons = ["no-certificate", "unknown-name", "no-shared-cipher", "of-another-release"];
  expectPlain(each(reasons, (reason) => explainHandshakeFailure(reason)));
});
