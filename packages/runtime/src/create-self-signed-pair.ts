import { generateKeyPairSync, randomBytes, sign } from "node:crypto";
import { DAY_MS } from "./time-spans.ts";

const LIFETIME_DAYS = 365;

const OID = {
  ecdsaWithSha256: "2a8648ce3d040302",
  commonName: "550403",
  subjectAltName: "551d11",
};

/**
 * A fresh P-256 key and a self-signed certificate, both PEM, for these host names.
 *
 * Offered until a real certificate is there: senders of reports go by RFC 8460 §3 and deliver all the same. RFC 5280 §4.1
 */
export function createSelfSignedPair(hosts: readonly string[], now: Date): { key: string; cert: string } {
  const { publicKey, privateKey } = generateKeyPairSync("ec", { namedCurve: "P-256" });
  const algorithm = sequence(oid(OID.ecdsaWithSha256));
  const name = sequence(set(sequence(oid(OID.commonName), tlv(0x0c, Buffer.from(hosts[0] ?? "waxseal")))));
  const altNames = sequence(...hosts.map((host) => tlv(0x82, Buffer.from(host))));
  const certificate = sequence(
    tlv(0xa0, integer(Buffer.from([2]))),
    integer(Buffer.concat([Buffer.from([1]), randomBytes(15)])),
    algorithm,
    name,
    sequence(time(new Date(now.getTime() - DAY_MS)), time(new Date(now.getTime() + LIFETIME_DAYS * DAY_MS))),
    name,
    publicKey.export({ type: "spki", format: "der" }),
    tlv(0xa3, sequence(sequence(oid(OID.subjectAltName), tlv(0x04, altNames)))),
  );
  const signature = sign("sha256", certificate, privateKey);
  const signed = sequence(certificate, algorithm, tlv(0x03, Buffer.concat([Buffer.from([0]), signature])));
  const base64 = signed
    .toString("base64")
    .match(/.{1,64}/g)
    ?.join("\n");
  return {
    key: privateKey.export({ type: "pkcs8", format: "pem" }).toString(),
    cert: `-----BEGIN CERTIFICATE-----\n${base64}\n-----END CERTIFICATE-----\n`,
  };
}

/** One DER element: tag, length, content. */
function tlv(tag: number, ...content: Buffer[]): Buffer {
  const value = Buffer.concat(content);
  const length = value.length < 0x80 ? [value.length] : [0x82, value.length >> 8, value.length & 0xff];
  return Buffer.concat([Buffer.from([tag, ...length]), value]);
}

function sequence(...content: Buffer[]): Buffer {
  return tlv(0x30, ...content);
}

function set(...content: Buffer[]): Buffer {
  return tlv(0x31, ...content);
}

function integer(value: Buffer): Buffer {
  return tlv(0x02, value);
}

function oid(hex: string): Buffer {
  return tlv(0x06, Buffer.from(hex, "hex"));
}

/** GeneralizedTime, to the second. */
function time(at: Date): Buffer {
  return tlv(0x18, Buffer.from(`${at.toISOString().replaceAll(/[-:T]/g, "").slice(0, 14)}Z`));
}
