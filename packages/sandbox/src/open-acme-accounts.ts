import { readFile } from "node:fs/promises";
import { calculateJwkThumbprint, type JWK } from "jose";
import { z } from "zod";
import { writeFileAtomically } from "./write-file-atomically.ts";

const MAX_ACCOUNTS = 10_000;

const Account = z.object({
  id: z.string(),
  thumbprint: z.string(),
  jwk: z.looseObject({ kty: z.string() }),
  contact: z.array(z.string()),
  status: z.enum(["valid", "deactivated"]),
  createdAt: z.string(),
});

/** An ACME account: the holder of the key. RFC 8555 §7.1.2 */
export type AcmeAccount = z.infer<typeof Account>;

/** The accounts of the sandbox CA, kept in a file so that account URLs survive a restart. */
export type AcmeAccounts = {
  get(id: string): AcmeAccount | undefined;
  findByKey(jwk: JWK): Promise<AcmeAccount | undefined>;
  /** Makes the account of a key; the oldest account goes when there are 10,000. */
  add(jwk: JWK, contact: readonly string[], now: Date): Promise<AcmeAccount>;
  update(
    account: AcmeAccount,
    changes: Partial<Pick<AcmeAccount, "contact" | "status">>,
  ): Promise<AcmeAccount>;
};

/** @throws Error – the file exists and is not ours */
export async function openAcmeAccounts(file: string): Promise<AcmeAccounts> {
  const text = await readFile(file, "utf8").catch(() => "[]");
  const accounts = new Map(
    z
      .array(Account)
      .parse(JSON.parse(text))
      .map((account) => [account.id, account]),
  );
  let lastWrite = Promise.resolve();
  const put = async (account: AcmeAccount) => {
    accounts.set(account.id, account);
    const [oldest] = accounts.keys();
    if (accounts.size > MAX_ACCOUNTS && oldest) accounts.delete(oldest);
    const json = JSON.stringify([...accounts.values()], null, 1);
    lastWrite = lastWrite.catch(() => {}).then(() => writeFileAtomically(file, json));
    await lastWrite;
    return account;
  };
  // The id comes from the key: the same key has the same account URL even after the data folder was lost.
  const idOf = (thumbprint: string) => thumbprint.replaceAll(/[^A-Za-z0-9]/g, "").slice(0, 20);
  return {
    get: (id) => accounts.get(id),
    findByKey: async (jwk) => accounts.get(idOf(await calculateJwkThumbprint(jwk))),
    async add(jwk, contact, now) {
      const thumbprint = await calculateJwkThumbprint(jwk);
      const { d: _private, ...publicJwk } = jwk;
      return put({
        id: idOf(thumbprint),
        thumbprint,
        jwk: { ...publicJwk, kty: jwk.kty ?? "" },
        contact: [...contact],
        status: "valid",
        createdAt: now.toISOString(),
      });
    },
    update: (account, changes) => put({ ...account, ...changes }),
  };
}
