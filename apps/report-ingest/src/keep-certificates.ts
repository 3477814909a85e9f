import { createSecureContext, type SecureContext } from "node:tls";
import type { SecretBox } from "@waxseal/core";
import { findServedCertificates, SERVING_CHANNEL, type ServedCertificate } from "@waxseal/core/serving";
import { type Database, listen } from "@waxseal/db";
import { createSelfSignedPair, type Logger } from "@waxseal/runtime";

/** The TLS contexts of our own names. */
export type CertificateKeeper = {
  /** For a server name asked for; any other, or none, gets that of the first of our names. */
  contextFor(serverName: string | undefined): SecureContext;
  /** Sets what a listener shows clients that name no server: now, and whenever it changes. */
  followDefault(tell: (pair: KeyPair) => void): void;
  /** Whether each of our names has a certificate of a CA that has not expired; if not, which lacks one, in words. */
  isReady(): true | string;
  stop(): Promise<void>;
};

/** Key and certificate chain, PEM. */
export type KeyPair = { key: string; cert: string };

type Deps = { db: Database; databaseUrl: string; secretBox: SecretBox; now(): Date; logger: Logger };

const RELOAD_MS = 10 * 60 * 1000;

/**
 * Keeps the newest certificate of each of our names at hand, and a self-signed one where there is none, so that
 * STARTTLS is always offered, also without the database.
 */
export function keepCertificates(hosts: readonly string[], deps: Deps): CertificateKeeper {
  const { db, secretBox, now, logger } = deps;
  let defaultPair: KeyPair = createSelfSignedPair(hosts, now());
  const selfSigned = createSecureContext({ ...defaultPair, minVersion: "TLSv1.2" });
  const followers: ((pair: KeyPair) => void)[] = [];
  const contexts = new Map<string, { chainPem: string; notAfter: Date; context: SecureContext }>();

  async function load(certificate: ServedCertificate): Promise<void> {
    const { host, chainPem, keyJwe, notAfter } = certificate;
    if (contexts.get(host)?.chainPem === chainPem) return;
    const key = await secretBox.open(keyJwe);
    contexts.set(host, {
      chainPem,
      notAfter,
      context: createSecureContext({ key, cert: chainPem, minVersion: "TLSv1.2" }),
    });
    if (host === hosts[0]) {
      defaultPair = { key, cert: chainPem };
      for (const tell of followers) tell(defaultPair);
    }
    logger.info({ host }, "certificate loaded");
  }

  function reload(): void {
    findServedCertificates(db, hosts, now())
      .then((certificates) => Promise.all(certificates.map(load)))
      .catch((error) => logger.warn({ err: error }, "certificates not loaded"));
  }

  const timer = setInterval(reload, RELOAD_MS);
  timer.unref();
  const stopListening = listen(deps.databaseUrl, SERVING_CHANNEL, { onNotify: reload, onConnect: reload });
  return {
    contextFor: (serverName) =>
      contexts.get(serverName?.toLowerCase() ?? "")?.context ??
      contexts.get(hosts[0] ?? "")?.context ??
      selfSigned,
    followDefault: (tell) => {
      followers.push(tell);
      tell(defaultPair);
    },
    isReady: () => {
      const lacking = hosts.filter((host) => (contexts.get(host)?.notAfter ?? 0) <= now());
      return lacking.length === 0 || `There is no valid certificate for ${lacking.join(" and ")} yet.`;
    },
    stop: async () => {
      clearInterval(timer);
      await stopListening();
    },
  };
}
