import { createHash, generateKeyPairSync, type KeyObject, randomBytes, sign } from "node:crypto";

/** A certificate made by hand: fifty thousand in seconds, where a library takes minutes. */
export type BenchCertificate = {
  name: string;
  der: Buffer;
  pem: string;
  privateKey: KeyObject;
  keyId: Buffer;
};

const ECDSA_SHA256 = der(0x30, oid("2a8648ce3d040302"));
const COMMON_NAME = oid("550403");
const BASIC_CONSTRAINTS = oid("551d13");
const KEY_USAGE = oid("551d0f");
const EXTENDED_KEY_USAGE = oid("551d25");
const SUBJECT_KEY_ID = oid("551d0e");
const AUTHORITY_KEY_ID = oid("551d23");
const SUBJECT_ALT_NAME = oid("551d11");
const SERVER_AUTH = oid("2b06010505070301");
/** Under a documentation arc: bytes in place of the SCTs and URLs that make a public leaf about 1 kB. */
const FILLER = oid("2b0601040181fd5901");
const FILLER_BYTES = 420;
const TRUE = der(0x01, Buffer.from([0xff]));

/**
 * Signs a P-256 certificate in the shape a public CA gives them; self-signed without an issuer.
 * `isAuthority`: it signs others; otherwise its name is a DNS name to serve.
 */
export function signBenchCertificate(
  name: string,
  { issuer, isAuthority }: { issuer: BenchCertificate | undefined; isAuthority: boolean },
): BenchCertificate {
  const { publicKey, privateKey } = generateKeyPairSync("ec", { namedCurve: "P-256" });
  const spki = publicKey.export({ type: "spki", format: "der" });
  const keyId = createHash("sha1").update(spki).digest();
  const extensions = [
    extension(BASIC_CONSTRAINTS, der(0x30, isAuthority ? TRUE : Buffer.alloc(0)), TRUE),
    extension(KEY_USAGE, der(0x03, Buffer.from(isAuthority ? [0x01, 0x06] : [0x07, 0x80])), TRUE),
    extension(SUBJECT_KEY_ID, der(0x04, keyId)),
    extension(AUTHORITY_KEY_ID, der(0x30, der(0x80, issuer?.keyId ?? keyId))),
    ...(isAuthority
      ? []
      : [
          extension(EXTENDED_KEY_USAGE, der(0x30, SERVER_AUTH)),
          extension(SUBJECT_ALT_NAME, der(0x30, der(0x82, Buffer.from(name)))),
          extension(FILLER, randomBytes(FILLER_BYTES)),
        ]),
  ];
  const body = der(
    0x30,
    der(0xa0, der(0x02, Buffer.from([2]))),
    der(0x02, Buffer.concat([Buffer.from([0x01]), randomBytes(15)])),
    ECDSA_SHA256,
    distinguishedName(issuer?.name ?? name),
    der(0x30, der(0x17, Buffer.from("200101000000Z")), der(0x17, Buffer.from("491231235959Z"))),
    distinguishedName(name),
    spki,
    der(0xa3, der(0x30, ...extensions)),
  );
  const signature = sign("sha256", body, issuer?.privateKey ?? privateKey);
  const certificate = der(0x30, body, ECDSA_SHA256, der(0x03, Buffer.from([0]), signature));
  return { name, der: certificate, pem: asPem(certificate), privateKey, keyId };
}

function asPem(certificate: Buffer): string {
  const lines = certificate.toString("base64").match(/.{1,64}/g) ?? [];
  return `-----BEGIN CERTIFICATE-----\n${lines.join("\n")}\n-----END CERTIFICATE-----\n`;
}

function distinguishedName(name: string): Buffer {
  return der(0x30, der(0x31, der(0x30, COMMON_NAME, der(0x0c, Buffer.from(name)))));
}

function extension(id: Buffer, value: Buffer, critical: Buffer = Buffer.alloc(0)): Buffer {
  return der(0x30, id, critical, der(0x04, value));
}

function oid(hex: string): Buffer {
  return der(0x06, Buffer.from(hex, "hex"));
}

/** One DER element. */
function der(tag: number, ...parts: Buffer[]): Buffer {
  const content = Buffer.concat(parts);
  const { length } = content;
  const head =
    length < 0x80 ? [length] : length < 0x100 ? [0x81, length] : [0x82, length >> 8, length & 0xff];
  return Buffer.concat([Buffer.from([tag, ...head]), content]);
}
