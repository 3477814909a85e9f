import { generateKeyPairSync } from "node:crypto";
import type { Database } from "@waxseal/db";
import type { SecretBox } from "../secret-box.ts";
import { type AcmeDirectory, createAcmeDirectory, type DirectoryCaa } from "./acme-directory.ts";
import { AcmeError, EXTERNAL_ACCOUNT } from "./acme-error.ts";
import { type AcmeTransport, openAcmeTransport } from "./acme-transport.ts";
import { findAccountCheckingIdentities } from "./known-cas.ts";
import { saveAcmeAccount } from "./save-acme-account.ts";

export type AcmeDirectoriesOptions = {
  db: Database;
  secretBox: SecretBox;
  now(): Date;
  /** Email address the CA may write to. */
  contact?: string | undefined;
  /** Sent to directories that say they need one. RFC 8555 §7.3.4 */
  externalAccount?: { kid: string; hmacKey: string } | undefined;
  /** Asked for at every directory that lists it, e.g. `shortlived`. draft-aaron-acme-profiles §3 */
  profile?: string | undefined;
  /** Called once when a directory is opened that does not list the profile: orders there go without. */
  onMissingProfile?:
    | ((missing: { directoryUrl: string; profile: string; listed: readonly string[] }) => void)
    | undefined;
  /** CAA identities of CAs that check `accounturi`, besides those that are known to. RFC 8657 §3 */
  accountCheckingIdentities?: readonly string[] | undefined;
  /** PEM of roots trusted for the directories' own HTTPS, besides the usual ones. */
  caPem?: string | undefined;
  /** Time-out of one request; 15 s by default. */
  timeoutMs?: number | undefined;
};

/** The CAs we order from, by directory URL. */
export type AcmeDirectories = {
  /**
   * The directory, with our account registered there and in Postgres, so that CAA names it. Opened once and kept; a failure is not kept.
   * @throws AcmeError
   */
  open(directoryUrl: string): Promise<AcmeDirectory>;
  /** Registers again at the next `open`: the CA says it does not know our account. */
  forgetAccount(directoryUrl: string): Promise<void>;
  close(): void;
};

/** What a parameter of CAA can hold. RFC 8659 §4.2 */
const CAA_URL = /^https:\/\/[!-:<-~]{1,200}$/;

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
    const accountUrl = account.accountUrl ?? (await register(options, transport));
    const caa = await findCaa(options, transport, { directoryUrl, accountUrl });
    const saved = { directoryUrl, accountUrl, caaIdentities: caa.checksAccounts ? caa.identities : [] };
    await saveAcmeAccount(options, account, saved);
    const profile = await findProfile(options, directoryUrl, transport);
    const directory = createAcmeDirectory({ directoryUrl, caa, profile }, transport, options.now);
    return { directory, transport };
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
      const known = await opened.get(directoryUrl)?.catch(() => undefined);
      opened.delete(directoryUrl);
      const account = await options.db.acmeAccount.findUnique({ where: { directoryUrl } });
      // Another worker may have registered again already.
      if (!account || !known || account.accountUrl !== known.directory.caa.accountUrl) return;
      await saveAcmeAccount(options, account, { directoryUrl, accountUrl: null, caaIdentities: [] });
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

async function findCaa(
  { accountCheckingIdentities = [] }: AcmeDirectoriesOptions,
  transport: AcmeTransport,
  { directoryUrl, accountUrl }: { directoryUrl: string; accountUrl: string },
): Promise<DirectoryCaa> {
  const known = findAccountCheckingIdentities(directoryUrl);
  const listed = await transport.listCaaIdentities();
  const identities = listed.length > 0 ? listed : (known ?? []);
  const isChecking = known !== undefined || identities.some((one) => accountCheckingIdentities.includes(one));
  return { identities, accountUrl, checksAccounts: isChecking && CAA_URL.test(accountUrl) };
}

async function register(
  { contact, externalAccount }: AcmeDirectoriesOptions,
  transport: AcmeTransport,
): Promise<string> {
  if (!externalAccount && (await transport.needsExternalAccount())) {
    throw new AcmeError(
      "unusable",
      "This CA wants an external account: set ACME_EAB_KID and ACME_EAB_HMAC_KEY",
      { type: EXTERNAL_ACCOUNT },
    );
  }
  try {
    return await transport.newAccount({
      termsOfServiceAgreed: true,
      ...(contact && { contact: [`mailto:${contact}`] }),
    });
  } catch (cause) {
    // Each CA refuses a wrong binding with a different problem type.
    if (!externalAccount || !(cause instanceof AcmeError) || cause.kind !== "refused") throw cause;
    if (cause.type === "rateLimited") throw cause;
    throw new AcmeError("refused", cause.message, { type: EXTERNAL_ACCOUNT, cause });
  }
}
