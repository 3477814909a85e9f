import { createHash, generateKeyPairSync, randomBytes } from "node:crypto";
import { PUBLIC_URL } from "./start-test-api.ts";

/**
 * What a browser sends about a new passkey of a device that verified its user, without attestation.
 *
 * Web Authentication Level 2 §6.5.1, §8.7
 */
export function createTestPasskey(challenge: string) {
  const id = randomBytes(16);
  const { publicKey } = generateKeyPairSync("ec", { namedCurve: "P-256" });
  const { x = "", y = "" } = publicKey.export({ format: "jwk" });
  const coordinate = (text: string) => Buffer.from(text, "base64url");
  // CBOR maps: a COSE key { 1: 2, 3: -7, -1: 1, -2: x, -3: y }, and { fmt: "none", attStmt: {}, authData }.
  const coseKey = Buffer.concat([
    Buffer.from("a5010203262001215820", "hex"),
    coordinate(x),
    Buffer.from("225820", "hex"),
    coordinate(y),
  ]);
  const rpIdHash = createHash("sha256").update(new URL(PUBLIC_URL).hostname).digest();
  // User present, user verified, attested credential data; counter 0; no AAGUID.
  const head = Buffer.concat([
    Buffer.from([0x45]),
    Buffer.alloc(4),
    Buffer.alloc(16),
    Buffer.from([0, id.length]),
  ]);
  const authData = Buffer.concat([rpIdHash, head, id, coseKey]);
  const attestation = Buffer.concat([
    Buffer.from([0xa3, 0x63]),
    Buffer.from("fmt"),
    Buffer.from([0x64]),
    Buffer.from("none"),
    Buffer.from([0x67]),
    Buffer.from("attStmt"),
    Buffer.from([0xa0, 0x68]),
    Buffer.from("authData"),
    Buffer.from([0x58, authData.length]),
    authData,
  ]);
  const clientData = JSON.stringify({ type: "webauthn.create", challenge, origin: PUBLIC_URL });
  return {
    id: id.toString("base64url"),
    rawId: id.toString("base64url"),
    type: "public-key",
    clientExtensionResults: {},
    response: {
      clientDataJSON: Buffer.from(clientData).toString("base64url"),
      attestationObject: attestation.toString("base64url"),
      transports: ["internal"],
    },
  };
}
