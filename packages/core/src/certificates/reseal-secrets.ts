import type { Database } from "@waxseal/db";
import type { SecretBox } from "../secret-box.ts";

/** How many secrets were looked at, sealed again, and could not be opened with the keys there are (by name). */
export type ResealedSecrets = { seen: number; resealed: number; unreadable: string[] };

type Secret = {
  label: string;
  jwe: string;
  /** Replaces exactly this sealed text: one that changed meanwhile is left alone. */
  replace(jwe: string): Promise<{ count: number }>;
};

const BATCH = 500;
const MAX_UNREADABLE = 100;

/**
 * Re-encrypts every certificate key, order key, ACME account key, single sign-on secret and waiting mail under the first key of the box.
 * Servers keep serving during the run, because every listed key decrypts. Safe to repeat and to interrupt: values already under the first
 * key are skipped.
 */
export async function resealSecrets(db: Database, secretBox: SecretBox): Promise<ResealedSecrets> {
  const result: ResealedSecrets = { seen: 0, resealed: 0, unreadable: [] };
  for await (const secret of listSecrets(db)) {
    result.seen++;
    if (secretBox.isCurrent(secret.jwe)) continue;
    const plainText = await secretBox.open(secret.jwe).catch(() => undefined);
    if (plainText === undefined) {
      if (result.unreadable.length < MAX_UNREADABLE) result.unreadable.push(secret.label);
      continue;
    }
    const { count } = await secret.replace(await secretBox.seal(plainText));
    result.resealed += count;
  }
  return result;
}

async function* listSecrets(db: Database): AsyncGenerator<Secret> {
  for (const { directoryUrl, keyJwe } of await db.acmeAccount.findMany()) {
    yield {
      label: `account key at ${directoryUrl}`,
      jwe: keyJwe,
      replace: (jwe) => db.acmeAccount.updateMany({ where: { directoryUrl, keyJwe }, data: { keyJwe: jwe } }),
    };
  }
  for (const { accountId, issuer, clientSecretJwe } of await db.accountSso.findMany()) {
    yield {
      label: `single sign-on secret for ${issuer}`,
      jwe: clientSecretJwe,
      replace: (jwe) =>
        db.accountSso.updateMany({
          where: { accountId, clientSecretJwe },
          data: { clientSecretJwe: jwe },
        }),
    };
  }
  for (const { id, kind, sealed } of await db.outgoingMail.findMany({ where: { sealed: { not: "" } } })) {
    yield {
      label: `a mail that waits to be sent (${kind})`,
      jwe: sealed,
      replace: (jwe) => db.outgoingMail.updateMany({ where: { id, sealed }, data: { sealed: jwe } }),
    };
  }
  for (const { accountId, keyHash, bodyJwe } of await db.keptAnswer.findMany({
    where: { bodyJwe: { not: null } },
  })) {
    yield {
      label: "an answer kept for a repeated request",
      jwe: bodyJwe ?? "",
      replace: (jwe) =>
        db.keptAnswer.updateMany({ where: { accountId, keyHash, bodyJwe }, data: { bodyJwe: jwe } }),
    };
  }
  yield* listAlertSecrets(db);
  // Before the certificates: an order that ends meanwhile moves its key there.
  yield* listOrderKeys(db);
  yield* listCertificateKeys(db);
}

/** Addresses and secrets of channels, and the tokens that turn mails off. */
async function* listAlertSecrets(db: Database): AsyncGenerator<Secret> {
  for (const { accountId, id, name, ...sealed } of await db.channel.findMany()) {
    for (const column of ["targetJwe", "secretJwe", "oldSecretJwe"] as const) {
      const jwe = sealed[column];
      if (jwe === null) continue;
      const replace = (fresh: string) =>
        db.channel.updateMany({ where: { accountId, id, [column]: jwe }, data: { [column]: fresh } });
      yield { label: `address or secret of the channel ${name}`, jwe, replace };
    }
  }
  for (const { accountId, userId, unsubscribeJwe: jwe } of await db.subscription.findMany()) {
    if (jwe === null) continue;
    const replace = (fresh: string) =>
      db.subscription.updateMany({
        where: { accountId, userId, unsubscribeJwe: jwe },
        data: { unsubscribeJwe: fresh },
      });
    yield { label: "a link that turns alert mails off", jwe, replace };
  }
  for (const { accountId, id, tokenJwe: jwe } of await db.monthlyRecipient.findMany()) {
    const replace = (fresh: string) =>
      db.monthlyRecipient.updateMany({ where: { accountId, id, tokenJwe: jwe }, data: { tokenJwe: fresh } });
    yield { label: "a link that turns monthly reports off", jwe, replace };
  }
}

async function* listCertificateKeys(db: Database): AsyncGenerator<Secret> {
  for (let cursor: { accountId: string; id: string } | undefined; ; ) {
    const batch = await db.certificate.findMany({
      select: { accountId: true, id: true, host: true, keyJwe: true },
      orderBy: [{ accountId: "asc" }, { id: "asc" }],
      take: BATCH,
      ...(cursor && { cursor: { accountId_id: cursor }, skip: 1 }),
    });
    for (const { accountId, id, host, keyJwe } of batch) {
      yield {
        label: `certificate of ${host}`,
        jwe: keyJwe,
        replace: (jwe) =>
          db.certificate.updateMany({ where: { accountId, id, keyJwe }, data: { keyJwe: jwe } }),
      };
    }
    cursor = batch.at(-1);
    if (batch.length < BATCH || !cursor) return;
    cursor = { accountId: cursor.accountId, id: cursor.id };
  }
}

async function* listOrderKeys(db: Database): AsyncGenerator<Secret> {
  // Few: one a name in the middle of an order.
  const names = await db.certificateName.findMany({
    where: { orderKeyJwe: { not: null } },
    select: { accountId: true, host: true, orderKeyJwe: true },
  });
  for (const { accountId, host, orderKeyJwe } of names) {
    if (orderKeyJwe === null) continue;
    yield {
      label: `order key of ${host}`,
      jwe: orderKeyJwe,
      replace: (jwe) =>
        db.certificateName.updateMany({
          where: { accountId, host, orderKeyJwe },
          data: { orderKeyJwe: jwe },
        }),
    };
  }
}
