/** Error types of the sandbox CA, without `urn:ietf:params:acme:error:` (RFC 8555 §6.7, RFC 9773 §7.4, draft-aaron-acme-profiles). */
export type AcmeProblemType =
  | "accountDoesNotExist"
  | "alreadyReplaced"
  | "alreadyRevoked"
  | "badCSR"
  | "badNonce"
  | "badSignatureAlgorithm"
  | "caa"
  | "connection"
  | "dns"
  | "invalidProfile"
  | "malformed"
  | "orderNotReady"
  | "rejectedIdentifier"
  | "serverInternal"
  | "unauthorized"
  | "unsupportedIdentifier"
  | "userActionRequired";

const STATUS = {
  accountDoesNotExist: 400,
  alreadyReplaced: 409,
  alreadyRevoked: 400,
  badCSR: 400,
  badNonce: 400,
  badSignatureAlgorithm: 400,
  caa: 403,
  connection: 400,
  dns: 400,
  invalidProfile: 400,
  malformed: 400,
  orderNotReady: 403,
  rejectedIdentifier: 400,
  serverInternal: 500,
  unauthorized: 403,
  unsupportedIdentifier: 400,
  userActionRequired: 403,
} satisfies Record<AcmeProblemType, number>;

/** A problem document as in answers, orders and challenges. RFC 7807 §3 */
export type ProblemDocument = {
  type: string;
  detail: string;
  status: number;
  algorithms?: readonly string[];
};

/** Ends a request with a problem document. RFC 8555 §6.7 */
export class AcmeProblem extends Error {
  readonly document: ProblemDocument;

  constructor(type: AcmeProblemType, detail: string, more: Partial<ProblemDocument> = {}) {
    super(detail);
    this.document = { type: `urn:ietf:params:acme:error:${type}`, detail, status: STATUS[type], ...more };
  }
}
