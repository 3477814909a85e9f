import "reflect-metadata";
import {
  BasicConstraintsExtension,
  PemConverter,
  SubjectAlternativeNameExtension,
  X509CertificateGenerator,
} from "@peculiar/x509";

const EC_P256 = { name: "ECDSA", namedCurve: "P-256", hash: "SHA-256" };
const RSA_2048 = {
  name: "RSASSA-PKCS1-v1_5",
  modulusLength: 2048,
  publicExponent: new Uint8Array([1, 0, 1]),
  hash: "SHA-256",
};
const DAY_MS = 86_400_000;

/** A key and its certificate chain, PEM. */
export type TestCertificate = { readonly key: string; readonly cert: string };

export type UntrustedAuthority = {
  readonly caPem: string;
  /** `days` from now, both may be negative; the common name is "common.example" so that it never matches by luck. */
  issue(
    names: readonly string[],
    validity?: { fromDays: number; toDays: number },
    keyType?: "ECDSA" | "RSA",
  ): Promise<TestCertificate>;
};

/** A certificate authority that only the test trusts. */
export async function createUntrustedAuthority(): Promise<UntrustedAuthority> {
  const keys = await crypto.subtle.generateKey(EC_P256, true, ["sign", "verify"]);
  const authority = await X509CertificateGenerator.createSelfSigned({
    name: "CN=Test authority",
    keys,
    notBefore: daysFromNow(-400),
    notAfter: daysFromNow(400),
    signingAlgorithm: EC_P256,
    extensions: [new BasicConstraintsExtension(true, 1, true)],
  });
  return {
    caPem: authority.toString("pem"),
    async issue(names, { fromDays, toDays } = { fromDays: -1, toDays: 30 }, keyType = "ECDSA") {
      const algorithm = keyType === "RSA" ? RSA_2048 : EC_P256;
      const leafKeys = await crypto.subtle.generateKey(algorithm, true, ["sign", "verify"]);
      const leaf = await X509CertificateGenerator.create({
        subject: `CN=${names[0] === undefined ? "mta-sts.example.com" : "common.example"}`,
        issuer: authority.subject,
        publicKey: leafKeys.publicKey,
        signingKey: keys.privateKey,
        notBefore: daysFromNow(fromDays),
        notAfter: daysFromNow(toDays),
        signingAlgorithm: EC_P256,
        extensions:
          names.length > 0
            ? [new SubjectAlternativeNameExtension(names.map((value) => ({ type: "dns" as const, value })))]
            : [],
      });
      const pkcs8 = await crypto.subtle.exportKey("pkcs8", leafKeys.privateKey);
      return { key: PemConverter.encode(pkcs8, "PRIVATE KEY"), cert: leaf.toString("pem") };
    },
  };
}

function daysFromNow(days: number): Date {
  return new Date(Date.now() + days * DAY_MS);
}
