import { createPrivateKey } from "node:crypto";
import { mkdir, readFile, rename, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { type BenchCertificate, signBenchCertificate } from "./sign-bench-certificate.ts";

/** Certificates for the names of a benchmark, one PEM file each: leaf, intermediate, key. */
export type BenchPki = {
  rootPem: string;
  /** Path of the file of the name with this number, from 0. */
  fileOf(index: number): string;
  read(index: number): Promise<{ chainPem: string; keyPem: string }>;
};

/** Changes with the form of the certificates, so that older ones are not found. */
const FORM = 1;
const PER_FOLDER = 1_000;

/** The domain with this number. */
export function benchDomain(index: number): string {
  return `customer-${String(index).padStart(6, "0")}.example`;
}

/** Where its policy is fetched. RFC 8461 §3.2 */
export function benchHost(index: number): string {
  return `mta-sts.${benchDomain(index)}`;
}

/**
 * Certificates for at least `names` names. They are kept in the system's temporary folder, a thousand to a folder, and found
 * again by the next run.
 */
export async function openBenchPki(names: number, tell: (line: string) => void): Promise<BenchPki> {
  const folder = join(tmpdir(), `waxseal-bench-pki-${FORM}`);
  await mkdir(folder, { recursive: true, mode: 0o700 });
  const { rootPem, intermediate } = await openAuthority(folder);
  const fileOf = (index: number) =>
    join(folder, String(Math.trunc(index / PER_FOLDER)), `${String(index).padStart(6, "0")}.pem`);
  for (let first = 0; first < names; first += PER_FOLDER) {
    const done = join(folder, `${first / PER_FOLDER}.done`);
    if (await isThere(done)) continue;
    tell(`making certificates ${first + 1} to ${first + PER_FOLDER}`);
    await mkdir(join(folder, String(first / PER_FOLDER)), { recursive: true });
    for (let index = first; index < first + PER_FOLDER; index++) {
      const leaf = signBenchCertificate(benchHost(index), { issuer: intermediate, isAuthority: false });
      const key = leaf.privateKey.export({ type: "pkcs8", format: "pem" });
      await writeFile(fileOf(index), leaf.pem + intermediate.pem + key, { mode: 0o600 });
    }
    await writeFile(done, "");
  }
  return {
    rootPem,
    fileOf,
    read: async (index) => {
      const text = await readFile(fileOf(index), "utf8");
      const keyAt = text.indexOf("-----BEGIN PRIVATE KEY-----");
      return { chainPem: text.slice(0, keyAt), keyPem: text.slice(keyAt) };
    },
  };
}

type Authority = { rootPem: string; intermediate: BenchCertificate };

async function openAuthority(folder: string): Promise<Authority> {
  const path = join(folder, "authority.json");
  if (await isThere(path)) return readAuthority(path);
  // Leaves of another authority would not verify.
  await rm(folder, { recursive: true, force: true });
  await mkdir(folder, { recursive: true, mode: 0o700 });
  const root = signBenchCertificate("Bench Root", { issuer: undefined, isAuthority: true });
  const intermediate = signBenchCertificate("Bench Intermediate", { issuer: root, isAuthority: true });
  const { name, pem, keyId, privateKey } = intermediate;
  const kept = {
    rootPem: root.pem,
    name,
    pem,
    keyId: keyId.toString("hex"),
    keyPem: privateKey.export({ type: "pkcs8", format: "pem" }),
  };
  await writeFile(`${path}.tmp`, JSON.stringify(kept), { mode: 0o600 });
  await rename(`${path}.tmp`, path);
  return { rootPem: root.pem, intermediate };
}

async function readAuthority(path: string): Promise<Authority> {
  const { rootPem, name, pem, keyId, keyPem } = JSON.parse(await readFile(path, "utf8"));
  const der = Buffer.from(pem.replace(/-----[^-]+-----|\s/g, ""), "base64");
  const privateKey = createPrivateKey(keyPem);
  return { rootPem, intermediate: { name, pem, der, privateKey, keyId: Buffer.from(keyId, "hex") } };
}

async function isThere(path: string): Promise<boolean> {
  return readFile(path).then(
    () => true,
    () => false,
  );
}
