import { randomUUID } from "node:crypto";
import { newToken } from "@waxseal/core";
import { recordServingChange } from "@waxseal/core/serving";
import type { Database } from "@waxseal/db";

/** Domains as the verbs would have left them in the database. */
export type TestTokens = {
  /** A domain without a published policy; its token. */
  add(): Promise<string>;
  /** Domains with a published policy. */
  addMany(count: number): Promise<void>;
  publish(token: string, policyId: string): Promise<void>;
  leave(token: string): Promise<void>;
};

const ACCOUNT = "test-account";

export function createTestTokens(db: Database): TestTokens {
  const at = new Date("2026-01-01T00:00:00Z");
  const policy = {
    accountId: ACCOUNT,
    mode: "testing" as const,
    mx: ["mx.example.com"],
    maxAgeSeconds: 86_400,
    createdAt: at,
    createdBy: "test",
  };
  let domains = 0;

  async function update(token: string, data: object): Promise<void> {
    const { domainId } = await db.domainToken.findUniqueOrThrow({ where: { token } });
    await db.$transaction(async (transaction) => {
      const where = { accountId_id: { accountId: ACCOUNT, id: domainId } };
      await transaction.domain.update({ where, data });
      await recordServingChange(transaction, "record", token, at);
    });
  }

  return {
    add: async () => {
      const [id, token] = [randomUUID(), newToken()];
      domains += 1;
      const domain = `example-${domains}.com`;
      await db.$transaction(async (transaction) => {
        await transaction.domain.create({ data: { accountId: ACCOUNT, id, domain, token, createdAt: at } });
        await transaction.domainToken.create({
          data: { token, accountId: ACCOUNT, domainId: id, createdAt: at },
        });
        await recordServingChange(transaction, "record", token, at);
      });
      return token;
    },
    addMany: async (count) => {
      // Of hexadecimal digits those that base32 has not are exchanged for some it has.
      await db.$executeRaw`
        insert into domain (account_id, id, domain, token, created_at, published_version)
        select ${ACCOUNT}, gen_random_uuid(), 'many-' || n || '.com',
          translate(substr(md5(n::text), 1, 16), '0189', 'wxyz'), ${at}, 1 from generate_series(1, ${count}::int) n`;
      await db.$executeRaw`
        insert into domain_token (token, account_id, domain_id, created_at)
        select token, account_id, id, created_at from domain where domain like 'many-%'`;
      await db.$executeRaw`
        insert into policy_version
          (account_id, domain_id, version, policy_id, mode, mx, max_age_seconds, created_at, created_by)
        select account_id, id, 1, 'many1', 'testing', '{mx.example.com}', 86400, ${at}, 'test'
        from domain where domain like 'many-%'`;
    },
    publish: async (token, policyId) => {
      const { domainId } = await db.domainToken.findUniqueOrThrow({ where: { token } });
      const version = 1 + (await db.policyVersion.count({ where: { domainId } }));
      await db.policyVersion.create({
        data: { ...policy, domainId, version, policyId },
      });
      await update(token, { publishedVersion: version });
    },
    leave: (token) => update(token, { status: "left" }),
  };
}
