import { HOUR_MS } from "@waxseal/runtime/time-spans";
import "reflect-metadata";
import { randomBytes } from "node:crypto";
import { mkdir, readFile } from "node:fs/promises";
import { isIP } from "node:net";
import { join } from "node:path";
import {
  AuthorityKeyIdentifierExtension,
  BasicConstraintsExtension,
  ExtendedKeyUsage,
  ExtendedKeyUsageExtension,
  KeyUsageFlags,
  KeyUsagesExtension,
  PemConverter,
  type PublicKeyType,
  SubjectAlternativeNameExtension,
  SubjectKeyIdentifierExtension,
  X509Certificate,
  X509CertificateGenerator,
} from "@peculiar/x509";
import { writeFileAtomically } from "./write-file-atomically.ts";

/** The one key type the sandbox makes: ECDSA on P-256 with SHA-256. */
export const EC_P256 = { name: "ECDSA", namedCurve: "P-256", hash: "SHA-256" } as const;

const YEAR_MS = 365 * 24 * 3600 * 1000;

/** A certificate authority of two levels: a root that is trusted and an intermediate that signs. */
export type Authority = {
  /** The root to trust, PEM. The same in every start on one data folder. */
  rootPem: string;
  rootFile: string;
  intermediatePem: string;
  /** Signs a public key of any holder. The answer is leaf and intermediate, PEM, leaf first. */
  certify(input: {
    names: readonly string[];
    publicKey: PublicKeyType;
    notBefore: Date;
    notAfter: Date;
  }): Promise<string>;
  /** Makes a key and certifies it: what a TLS server of the sandbox needs. `notBefore` defaults to an hour ago, `notAfter` to a year on. */
  issue(input: {
    names: readonly string[];
    notBefore?: Date;
    notAfter?: Date;
  }): Promise<{ keyPem: string; certPem: string }>;
};

type Stored = { rootPem: string; intermediatePem: string; intermediateKeyPem: string };

/**
 * Opens the authority kept in a data folder, making it on the first call.
 *
 * The root key is dropped once it has signed the intermediate. Writes
 * `authority.json` and, for those who only trust, `acme-root.pem`.
 *
 * @throws Error – the data folder cannot be written or its content is not ours
 */
export async function openAuthority(input: { dataDir: string; now: () => Date }): Promise<Authority> {
  const { dataDir, now } = input;
  const rootFile = join(dataDir, "acme-root.pem");
  const storeFile = join(dataDir, "authority.json");
  await mkdir(dataDir, { recursive: true });
  const stored = (await readStored(storeFile)) ?? (await createStored(now()));
  await writeFileAtomically(storeFile, JSON.stringify(stored), 0o600);
  await writeFileAtomically(rootFile, stored.rootPem);

  const intermediate = new X509Certificate(stored.intermediatePem);
  const signingKey = await importSigningKey(stored.intermediateKeyPem);

  const certify: Authority["certify"] = async ({ names, publicKey, notBefore, notAfter }) => {
    const certificate = await X509CertificateGenerator.create({
      serialNumber: randomSerial(),
      subject: commonName(names),
      issuer: intermediate.subject,
      publicKey,
      signingKey,
      signingAlgorithm: EC_P256,
      notBefore,
      notAfter,
      extensions: [
        new BasicConstraintsExtension(false, undefined, true),
        new KeyUsagesExtension(KeyUsageFlags.digitalSignature, true),
        new ExtendedKeyUsageExtension([ExtendedKeyUsage.serverAuth]),
        await AuthorityKeyIdentifierExtension.create(intermediate.publicKey),
        await SubjectKeyIdentifierExtension.create(publicKey),
        new SubjectAlternativeNameExtension(listAltNames(names)),
      ],
    });
    return `${certificate.toString("pem")}\n${stored.intermediatePem.trim()}\n`;
  };

  return {
    rootPem: stored.rootPem,
    rootFile,
    intermediatePem: stored.intermediatePem,
    certify,
    async issue({ names, notBefore, notAfter }) {
      const keys = await crypto.subtle.generateKey(EC_P256, true, ["sign", "verify"]);
      const certPem = await certify({
        names,
        publicKey: keys.publicKey,
        notBefore: notBefore ?? new Date(now().getTime() - HOUR_MS),
        notAfter: notAfter ?? new Date(now().getTime() + YEAR_MS),
      });
      return { keyPem: await exportKeyPem(keys.privateKey), certPem };
    },
  };
}

/** Host names and IP addresses as SAN entries, in the order given. */
export function listAltNames(names: readonly string[]): { type: "dns" | "ip"; value: string }[] {
  return names.map((value) => ({ type: isIP(value) ? "ip" : "dns", value }));
}

async function createStored(now: Date): Promise<Stored> {
  const notBefore = new Date(now.getTime() - HOUR_MS);
  const notAfter = new Date(now.getTime() + 20 * YEAR_MS);
  const name = `O=Waxseal sandbox, CN=Root ${randomBytes(3).toString("hex")}`;
  const [rootKeys, intermediateKeys] = await Promise.all([
    crypto.subtle.generateKey(EC_P256, true, ["sign", "verify"]),
    crypto.subtle.generateKey(EC_P256, true, ["sign", "verify"]),
  ]);
  const caUsage = new KeyUsagesExtension(KeyUsageFlags.keyCertSign | KeyUsageFlags.cRLSign, true);
  const root = await X509CertificateGenerator.createSelfSigned({
    serialNumber: randomSerial(),
    name,
    keys: rootKeys,
    notBefore,
    notAfter,
    signingAlgorithm: EC_P256,
    extensions: [
      new BasicConstraintsExtension(true, 1, true),
      caUsage,
      await SubjectKeyIdentifierExtension.create(rootKeys.publicKey),
    ],
  });
  const intermediate = await X509CertificateGenerator.create({
    serialNumber: randomSerial(),
    subject: name.replace("Root", "Intermediate"),
    issuer: root.subject,
    publicKey: intermediateKeys.publicKey,
    signingKey: rootKeys.privateKey,
    signingAlgorithm: EC_P256,
    notBefore,
    notAfter,
    extensions: [
      new BasicConstraintsExtension(true, 0, true),
      caUsage,
      await AuthorityKeyIdentifierExtension.create(root.publicKey),
      await SubjectKeyIdentifierExtension.create(intermediateKeys.publicKey),
    ],
  });
  return {
    rootPem: `${root.toString("pem")}\n`,
    intermediatePem: `${intermediate.toString("pem")}\n`,
    intermediateKeyPem: await exportKeyPem(intermediateKeys.privateKey),
  };
}

async function readStored(file: string): Promise<Stored | undefined> {
  const text = await readFile(file, "utf8").catch(() => undefined);
  if (text === undefined) return undefined;
  const value: Partial<Stored> = JSON.parse(text);
  if (value.rootPem && value.intermediatePem && value.intermediateKeyPem) {
    return {
      rootPem: value.rootPem,
      intermediatePem: value.intermediatePem,
      intermediateKeyPem: value.intermediateKeyPem,
    };
  }
  throw new Error(`${file} does not hold a sandbox authority; remove it to make a new one`);
}

// A SAN of 64 or more characters is common for long customer names, and X.520 caps the CN at 64.
function commonName(names: readonly string[]): string {
  return `CN=${names.find((name) => name.length <= 64) ?? "sandbox"}`;
}

function randomSerial(): string {
  // RFC 5280 §4.1.2.2: positive, at most 20 octets.
  const bytes = randomBytes(16);
  bytes[0] = ((bytes[0] ?? 0) & 0x7f) | 0x40;
  return bytes.toString("hex");
}

async function exportKeyPem(key: CryptoKey): Promise<string> {
  return PemConverter.encode(await crypto.subtle.exportKey("pkcs8", key), "PRIVATE KEY");
}

async function importSigningKey(pem: string): Promise<CryptoKey> {
  const [pkcs8] = PemConverter.decode(pem);
  if (!pkcs8) throw new Error("no key in PEM");
  return crypto.subtle.importKey("pkcs8", pkcs8, EC_P256, false, ["sign"]);
}
