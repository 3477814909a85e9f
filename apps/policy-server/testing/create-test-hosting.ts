import { randomBytes, randomUUID } from "node:crypto";
import { createSecretBox, newToken, ownerName } from "@waxseal/core";
import { recordServingChange } from "@waxseal/core/serving";
import type { Database, PolicyMode } from "@waxseal/db";
import type { TestAuthority } from "./create-test-authority.ts";

/** Hosted domains as the worker would have left them in the database. */
export type TestHosting = {
  secretKeys: string;
  /** Claims the domain and serves this policy; with a certificate by default. */
  serve(domain: string, policy?: Partial<TestPolicy>): Promise<void>;
  /** Serves a next version. */
  update(domain: string, policy: Partial<TestPolicy>): Promise<bigint>;
  unserve(domain: string): Promise<void>;
  storeCertificate(host: string, options?: { notAfter?: Date; announce?: boolean }): Promise<void>;
  openChallenge(token: string, keyAuthorization: string, expiresAt?: Date): Promise<void>;
};

type TestPolicy = { mode: PolicyMode; mx: string[]; maxAgeSeconds: number; certificate: boolean };

const ACCOUNT = "test-account";
const POLICY: TestPolicy = {
  mode: "testing",
  mx: ["mx.example.net"],
  maxAgeSeconds: 604_800,
  certificate: true,
};

export function createTestHosting(db: Database, authority: TestAuthority): TestHosting {
  const secretKeys = `test:${randomBytes(32).toString("base64url")}`;
  const box = createSecretBox(secretKeys);
  const getDomain = (domain: string) => db.domain.findFirstOrThrow({ where: { accountId: ACCOUNT, domain } });

  async function storeCertificate(
    host: string,
    { notAfter, announce = true }: { notAfter?: Date; announce?: boolean } = {},
  ): Promise<void> {
    const issued = await authority.issue(host, notAfter);
    const keyJwe = await box.seal(issued.keyPem);
    await db.$transaction(async (transaction) => {
      await transaction.certificate.create({
        data: {
          accountId: ACCOUNT,
          host,
          chainPem: issued.chainPem,
          keyJwe,
          issuer: "Test Intermediate",
          serial: randomBytes(8).toString("hex"),
          fingerprint256: randomBytes(32).toString("hex"),
          notBefore: new Date(0),
          notAfter: issued.notAfter,
          directoryUrl: "https://ca.example/directory",
          createdAt: new Date(),
        },
      });
      if (announce) await recordServingChange(transaction, "certificate", host, new Date());
    });
  }

  async function addVersion(domain: string, policy: TestPolicy): Promise<bigint> {
    return db.$transaction(async (transaction) => {
      const row = await transaction.domain.findFirstOrThrow({ where: { accountId: ACCOUNT, domain } });
      const version = (row.servedVersion ?? 0) + 1;
      await transaction.policyVersion.create({
        data: {
          accountId: ACCOUNT,
          domainId: row.id,
          version,
          policyId: `id${version}`,
          mode: policy.mode,
          mx: policy.mx,
          maxAgeSeconds: policy.maxAgeSeconds,
          createdAt: new Date(),
          createdBy: "test",
        },
      });
      const where = { accountId_id: { accountId: ACCOUNT, id: row.id } };
      await transaction.domain.update({ where, data: { servedVersion: version } });
      return recordServingChange(transaction, "policy", domain, new Date());
    });
  }

  return {
    secretKeys,
    storeCertificate,
    serve: async (domain, changes = {}) => {
      const policy = { ...POLICY, ...changes };
      const id = randomUUID();
      const at = new Date();
      await db.domain.create({ data: { accountId: ACCOUNT, id, domain, token: newToken(), createdAt: at } });
      await db.domainClaim.create({ data: { domain, accountId: ACCOUNT, domainId: id, claimedAt: at } });
      if (policy.certificate) await storeCertificate(ownerName("policyHost", domain), { announce: false });
      await addVersion(domain, policy);
    },
    update: (domain, changes) => addVersion(domain, { ...POLICY, ...changes }),
    unserve: async (domain) => {
      const { id } = await getDomain(domain);
      await db.$transaction(async (transaction) => {
        const where = { accountId_id: { accountId: ACCOUNT, id } };
        await transaction.domain.update({ where, data: { servedVersion: null } });
        await recordServingChange(transaction, "policy", domain, new Date());
      });
    },
    openChallenge: async (token, keyAuthorization, expiresAt = new Date(Date.now() + 60_000)) => {
      await db.$transaction(async (transaction) => {
        const host = "mta-sts.example.com";
        await transaction.acmeChallenge.create({ data: { token, keyAuthorization, host, expiresAt } });
        await recordServingChange(transaction, "challenge", token, new Date());
      });
    },
  };
}
