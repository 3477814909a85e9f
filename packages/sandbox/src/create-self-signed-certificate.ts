import "reflect-metadata";
import {
  BasicConstraintsExtension,
  ExtendedKeyUsage,
  ExtendedKeyUsageExtension,
  PemConverter,
  SubjectAlternativeNameExtension,
  X509CertificateGenerator,
} from "@peculiar/x509";
import { EC_P256, listAltNames } from "./open-authority.ts";

/**
 * A key and a self-signed certificate, both PEM.
 *
 * `names` are host names or IP addresses, all in the SAN. The certificate is
 * also its own authority, so a client that trusts it accepts the server.
 */
export async function createSelfSignedCertificate(input: {
  names: readonly string[];
  notBefore: Date;
  notAfter: Date;
}): Promise<{ keyPem: string; certPem: string }> {
  const keys = await crypto.subtle.generateKey(EC_P256, true, ["sign", "verify"]);
  const certificate = await X509CertificateGenerator.createSelfSigned({
    name: `CN=${input.names[0] ?? "sandbox"}`,
    keys,
    notBefore: input.notBefore,
    notAfter: input.notAfter,
    signingAlgorithm: EC_P256,
    extensions: [
      new BasicConstraintsExtension(true, 0, true),
      new ExtendedKeyUsageExtension([ExtendedKeyUsage.serverAuth]),
      new SubjectAlternativeNameExtension(listAltNames(input.names)),
    ],
  });
  const pkcs8 = await crypto.subtle.exportKey("pkcs8", keys.privateKey);
  return { keyPem: PemConverter.encode(pkcs8, "PRIVATE KEY"), certPem: certificate.toString("pem") };
}
