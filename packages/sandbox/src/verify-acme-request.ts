import { decodeProtectedHeader, flattenedVerify, importJWK, type JWK } from "jose";
import { z } from "zod";
import { AcmeProblem } from "./acme-problem.ts";

const ALGORITHMS = ["ES256", "ES384", "RS256", "EdDSA"] as const;

const Jws = z.object({ protected: z.string(), payload: z.string(), signature: z.string() });
const Header = z.object({
  alg: z.string(),
  nonce: z.string().optional(),
  url: z.string(),
  kid: z.string().optional(),
  jwk: z.looseObject({ kty: z.string() }).optional(),
});

/** A request whose signature is good: by a key it brought along, or by the account named in `kid`. */
export type SignedRequest = {
  signer: { jwk: JWK } | { kid: string };
  /** Undefined in POST-as-GET. RFC 8555 §6.3 */
  payload: unknown;
};

/**
 * Checks algorithm, nonce, url and signature of an ACME request, in this order.
 *
 * @throws AcmeProblem – the first thing that is wrong
 *
 * RFC 8555 §6.2
 */
export async function verifyAcmeRequest(input: {
  body: unknown;
  url: string;
  useNonce(nonce: unknown): boolean;
  /** The key of an account URL; undefined when there is no such account. */
  findKey(kid: string): JWK | undefined;
}): Promise<SignedRequest> {
  const { data: jws } = Jws.safeParse(input.body);
  if (!jws) throw new AcmeProblem("malformed", "the body is not a flattened JWS");
  const { data: header } = Header.safeParse(readHeader(jws));
  if (!header) throw new AcmeProblem("malformed", "the protected header lacks alg, url or a usable key");
  if (!ALGORITHMS.some((alg) => alg === header.alg)) {
    throw new AcmeProblem("badSignatureAlgorithm", `alg ${header.alg} is not accepted`, {
      algorithms: ALGORITHMS,
    });
  }
  if (!input.useNonce(header.nonce)) throw new AcmeProblem("badNonce", "the nonce is unknown or used");
  if (header.url !== input.url) {
    throw new AcmeProblem("unauthorized", `signed for ${header.url}, sent to ${input.url}`, { status: 401 });
  }
  if ((header.jwk === undefined) === (header.kid === undefined)) {
    throw new AcmeProblem("malformed", "exactly one of jwk and kid is needed");
  }
  const signer = header.jwk ? { jwk: header.jwk } : { kid: header.kid ?? "" };
  const jwk = "jwk" in signer ? signer.jwk : input.findKey(signer.kid);
  if (!jwk) throw new AcmeProblem("accountDoesNotExist", "there is no such account");
  const bytes = await verify(jws, jwk, header.alg);
  return { signer, payload: bytes.length === 0 ? undefined : parsePayload(bytes) };
}

async function verify(jws: z.infer<typeof Jws>, jwk: JWK, alg: string): Promise<Uint8Array> {
  try {
    const { d: _private, ...publicJwk } = jwk;
    const key = await importJWK(publicJwk, alg);
    return (await flattenedVerify(jws, key, { algorithms: [...ALGORITHMS] })).payload;
  } catch {
    throw new AcmeProblem("malformed", "the signature does not verify");
  }
}

function readHeader(jws: z.infer<typeof Jws>): unknown {
  try {
    return decodeProtectedHeader(jws);
  } catch {
    return undefined;
  }
}

function parsePayload(bytes: Uint8Array): unknown {
  try {
    return JSON.parse(Buffer.from(bytes).toString("utf8"));
  } catch {
    throw new AcmeProblem("malformed", "the payload is not JSON");
  }
}
