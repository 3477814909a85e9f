import { createPublicKey, generateKeyPair } from "node:crypto";
import { mkdir, readFile } from "node:fs/promises";
import { join } from "node:path";
import { promisify } from "node:util";
import { z } from "zod";
import type { RecordInput } from "./open-zone-store.ts";
import type { Sender } from "./sender-personalities.ts";
import { writeFileAtomically } from "./write-file-atomically.ts";

const Keys = z.record(z.string(), z.string());

/** Private keys in PEM by sender domain: RSA of 2048 bits, what every verifier knows (RFC 8301 §3.2). */
export type DkimKeys = ReadonlyMap<string, string>;

/** The senders' DKIM keys, made on the first call and kept in `dkim-keys.json`. @throws Error – the file is not ours */
export async function openDkimKeys(dataDir: string, senders: readonly Sender[]): Promise<DkimKeys> {
  const file = join(dataDir, "dkim-keys.json");
  await mkdir(dataDir, { recursive: true });
  const text = await readFile(file, "utf8").catch(() => "{}");
  const keys = new Map(Object.entries(Keys.parse(JSON.parse(text))));
  for (const { domain } of senders) {
    if (!keys.has(domain)) keys.set(domain, await generateDkimKey());
  }
  await writeFileAtomically(file, JSON.stringify(Object.fromEntries(keys), null, 1), 0o600);
  return keys;
}

/** A new private key, PEM. */
export async function generateDkimKey(): Promise<string> {
  const { privateKey } = await promisify(generateKeyPair)("rsa", {
    modulusLength: 2_048,
    publicKeyEncoding: { type: "spki", format: "pem" },
    privateKeyEncoding: { type: "pkcs8", format: "pem" },
  });
  return privateKey;
}

/**
 * The record that publishes a sender's key. Only some real senders restrict the key to reports with `s=tlsrpt`; here the Postfix one.
 *
 * RFC 6376 §3.6.1, RFC 8460 §3
 */
export function dkimRecord(sender: Sender, privateKeyPem: string): RecordInput {
  const spki = createPublicKey(privateKeyPem).export({ type: "spki", format: "der" }).toString("base64");
  const service = sender.style === "postfix" ? " s=tlsrpt;" : "";
  return {
    name: `${sender.dkimSelector}._domainkey.${sender.domain}`,
    type: "TXT",
    value: `v=DKIM1; k=rsa;${service} p=${spki}`,
  };
}
