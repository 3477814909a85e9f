import "reflect-metadata";
import { Pkcs10CertificateRequest, type PublicKey, SubjectAlternativeNameExtension } from "@peculiar/x509";
import { calculateJwkThumbprint, exportJWK, importSPKI } from "jose";
import { AcmeProblem } from "./acme-problem.ts";

const MAX_CSR_BYTES = 16_384;

/**
 * The public key to certify, once the request is found to ask for exactly `names` with a fit key.
 *
 * Fit: ECDSA on P-256 or P-384, or RSA of at least 2048 bits, and not the account's own key.
 *
 * @throws AcmeProblem `badCSR` – says what does not fit
 *
 * RFC 8555 §7.4, §11.1
 */
export async function checkCsr(input: {
  csr: string;
  names: readonly string[];
  accountThumbprint: string;
}): Promise<PublicKey> {
  const csr = parseCsr(input.csr);
  if (!(await csr.verify().catch(() => false)))
    throw new AcmeProblem("badCSR", "the CSR's signature is wrong");

  const wanted = [...input.names].sort().join(" ");
  const asked = [...new Set(listNames(csr))].sort().join(" ");
  if (asked !== wanted)
    throw new AcmeProblem("badCSR", `the CSR asks for ${asked}, the order is for ${wanted}`);

  const { algorithm } = csr.publicKey;
  const isEc = "namedCurve" in algorithm && ["P-256", "P-384"].includes(String(algorithm.namedCurve));
  const isRsa = "modulusLength" in algorithm && Number(algorithm.modulusLength) >= 2_048;
  if (!isEc && !isRsa)
    throw new AcmeProblem("badCSR", "the key is neither P-256, P-384 nor RSA of 2048 bits");

  const jwk = await exportJWK(
    await importSPKI(csr.publicKey.toString("pem"), isEc ? "ES256" : "RS256").catch(() =>
      importSPKI(csr.publicKey.toString("pem"), "ES384"),
    ),
  );
  if ((await calculateJwkThumbprint(jwk)) === input.accountThumbprint) {
    throw new AcmeProblem("badCSR", "the certificate key is the account key");
  }
  return csr.publicKey;
}

function parseCsr(base64url: string): Pkcs10CertificateRequest {
  const der = Buffer.from(base64url, "base64url");
  if (der.length === 0 || der.length > MAX_CSR_BYTES)
    throw new AcmeProblem("badCSR", "no CSR of a usable size");
  try {
    return new Pkcs10CertificateRequest(der);
  } catch {
    throw new AcmeProblem("badCSR", "the CSR cannot be read");
  }
}

function listNames(csr: Pkcs10CertificateRequest): string[] {
  const commonNames = csr.subjectName.getField("CN");
  const altNames =
    csr.extensions
      .find((extension) => extension instanceof SubjectAlternativeNameExtension)
      ?.names.items.map(({ value }) => value) ?? [];
  return [...commonNames, ...altNames].map((name) => name.toLowerCase());
}
