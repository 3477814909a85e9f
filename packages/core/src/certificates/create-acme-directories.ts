import { generateKeyPairSync } from "node:crypto";
import type { Database } from "@waxseal/db";
import type { SecretBox } from "../secret-box.ts";
import { type AcmeDirectory, createAcmeDirectory } from "./acme-directory.ts";
import { AcmeError } from "./acme-error.ts";
import { type AcmeTransport, openAcmeTransport } from "./acme-transport.ts";

export type AcmeDirectoriesOptions = {
  db: Database;
  secretBox: SecretBox;
  now(): Date;
  /** Mail address the CA may write to. */
  contact?: string | undefined;
  /** Sent to directories that say they need one. RFC 8555 §7.3.4 */
  externalAccount?: { kid: string; hmacKey: string } | undefined;
  /** Asked for at every directory that lists it, e.g. `shortlived`. draft-aaron-acme-profiles §3 */
  profile?: string | undefined;
  /** Told once when a directory is opened that does not list the profile: orders there go without. */
  onMissingProfile?:
    | ((missing: { directoryUrl: string; profile: string; listed: readonly string[] }) => void)
    | undefined;
  /** PEM of roots trusted for the directories' own HTTPS, besides the usual ones. */
  caPem?: string | undefined;
  /** Of one request; 15 s unless given. */
  timeoutMs?: number | undefined;
};

/** The CAs we order from, by directory URL. */
export type AcmeDirectories = {
  /**
   * The directory, with our account registered there. Opened once and kept; a failure is not kept.
   * @throws AcmeError
   */
  open(directoryUrl: string): Promise<AcmeDirectory>;
  /** Registers anew at the next `open`: the CA says it does not know our account. */
  forgetAccount(directoryUrl: string): Promise<void>;
  close(): void;
};

/**
 * Opens CAs under one account key each, made at first use and kept encrypted in Postgres: two workers that start together end up with the same.
 *
 * RFC 8555 §7.3
 */
export function createAcmeDirectories(options: AcmeDirectoriesOptions): AcmeDirectories {
  const opened = new Map<string, Promise<{ directory: AcmeDirectory; transport: AcmeTransport }>>();

  async function connect(directoryUrl: string) {
    const account = await findOrCreateAccount(options, directoryUrl);
    const transport = openAcmeTransport({
      directoryUrl,
      accountKeyPem: await options.secretBox.open(account.keyJwe),
      accountUrl: account.accountUrl ?? undefined,
      externalAccount: options.externalAccount,
      caPem: options.caPem,
      timeoutMs: options.timeoutMs,
      now: options.now,
    });
    if (!account.accountUrl) await register(options, directoryUrl, transport);
    const profile = await findProfile(options, directoryUrl, transport);
    return { directory: createAcmeDirectory(directoryUrl, transport, options.now, profile), transport };
  }

  return {
    open: async (directoryUrl) => {
      const known = opened.get(directoryUrl) ?? connect(directoryUrl);
      opened.set(directoryUrl, known);
      try {
        return (await known).directory;
      } catch (error) {
        if (opened.get(directoryUrl) === known) opened.delete(directoryUrl);
        throw error;
      }
    },
    forgetAccount: async (directoryUrl) => {
      opened.delete(directoryUrl);
      await options.db.acmeAccount.updateMany({ where: { directoryUrl }, data: { accountUrl: null } });
    },
    close: () => {
      for (const known of opened.values()) {
        known.then(
          ({ transport }) => transport.close(),
          () => undefined,
        );
      }
      opened.clear();
    },
  };
}

async function findOrCreateAccount({ db, secretBox, now }: AcmeDirectoriesOptions, directoryUrl: string) {
  const found = await db.acmeAccount.findUnique({ where: { directoryUrl } });
  if (found) return found;
  const { privateKey } = generateKeyPairSync("ec", { namedCurve: "P-256" });
  const keyJwe = await secretBox.seal(privateKey.export({ type: "pkcs8", format: "pem" }).toString());
  // The first of two workers wins; both read the same key back.
  await db.acmeAccount.createMany({
    data: [{ directoryUrl, keyJwe, createdAt: now() }],
    skipDuplicates: true,
  });
  return db.acmeAccount.findUniqueOrThrow({ where: { directoryUrl } });
}

async function findProfile(
  { profile, onMissingProfile }: AcmeDirectoriesOptions,
  directoryUrl: string,
  transport: AcmeTransport,
): Promise<string | undefined> {
  if (!profile) return undefined;
  const listed = await transport.listProfiles();
  if (listed.includes(profile)) return profile;
  onMissingProfile?.({ directoryUrl, profile, listed });
  return undefined;
}

async function register(
  { db, contact, externalAccount }: AcmeDirectoriesOptions,
  directoryUrl: string,
  transport: AcmeTransport,
): Promise<void> {
  if (!externalAccount && (await transport.needsExternalAccount())) {
    throw new AcmeError(
      "unusable",
      "This CA wants an external account: set ACME_EAB_KID and ACME_EAB_HMAC_KEY",
    );
  }
  const accountUrl = await transport.newAccount({
    termsOfServiceAgreed: true,
    ...(contact && { contact: [`mailto:${contact}`] }),
  });
  await db.acmeAccount.update({ where: { directoryUrl }, data: { accountUrl } });
}
