import "reflect-metadata";
import {
  BasicConstraintsExtension,
  PemConverter,
  SubjectAlternativeNameExtension,
  type X509Certificate,
  X509CertificateGenerator,
} from "@peculiar/x509";

const ECDSA = { name: "ECDSA", namedCurve: "P-256", hash: "SHA-256" } as const;
const NOT_BEFORE = new Date("2020-01-01T00:00:00Z");
const FAR = new Date("2099-01-01T00:00:00Z");

export type TestAuthority = {
  rootPem: string;
  /** Leaf and intermediate, and the leaf's key. */
  issue(host: string, notAfter?: Date): Promise<{ chainPem: string; keyPem: string; notAfter: Date }>;
};

/** A root and an intermediate for tests. */
export async function createTestAuthority(): Promise<TestAuthority> {
  const root = await certify("Test Root", undefined);
  const intermediate = await certify("Test Intermediate", root);
  return {
    rootPem: root.certificate.toString("pem"),
    issue: async (host, notAfter = FAR) => {
      const leaf = await certify(host, intermediate, { host, notAfter });
      const pkcs8 = await crypto.subtle.exportKey("pkcs8", leaf.keys.privateKey);
      return {
        chainPem: `${leaf.certificate.toString("pem")}\n${intermediate.certificate.toString("pem")}\n`,
        keyPem: PemConverter.encode(pkcs8, "PRIVATE KEY"),
        notAfter,
      };
    },
  };
}

type Certified = { certificate: X509Certificate; keys: CryptoKeyPair };

async function certify(
  name: string,
  issuer: Certified | undefined,
  leaf?: { host: string; notAfter: Date },
): Promise<Certified> {
  const keys = await crypto.subtle.generateKey(ECDSA, true, ["sign", "verify"]);
  const certificate = await X509CertificateGenerator.create({
    subject: `CN=${name}`,
    issuer: issuer?.certificate.subject ?? `CN=${name}`,
    publicKey: keys.publicKey,
    signingKey: issuer?.keys.privateKey ?? keys.privateKey,
    notBefore: NOT_BEFORE,
    notAfter: leaf?.notAfter ?? FAR,
    signingAlgorithm: ECDSA,
    extensions: [
      new BasicConstraintsExtension(leaf === undefined, undefined, true),
      ...(leaf ? [new SubjectAlternativeNameExtension([{ type: "dns", value: leaf.host }])] : []),
    ],
  });
  return { certificate, keys };
}
