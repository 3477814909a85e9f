import { randomUUID } from "node:crypto";
import { newToken } from "@waxseal/core";
import { recordServingChange } from "@waxseal/core/serving";
import type { Database } from "@waxseal/db";

/** Domains as the verbs would have left them in the database. */
export type TestTokens = {
  /** A domain without a published policy; its token. */
  add(): Promise<string>;
  publish(token: string, policyId: string): Promise<void>;
  leave(token: string): Promise<void>;
};

const ACCOUNT = "test-account";

export function createTestTokens(db: Database): TestTokens {
  const at = new Date("2026-01-01T00:00:00Z");
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
    publish: async (token, policyId) => {
      const { domainId } = await db.domainToken.findUniqueOrThrow({ where: { token } });
      const version = 1 + (await db.policyVersion.count({ where: { domainId } }));
      await db.policyVersion.create({
        data: {
          accountId: ACCOUNT,
          domainId,
          version,
          policyId,
          mode: "testing",
          mx: ["mx.example.com"],
          maxAgeSeconds: 86_400,
          createdAt: at,
          createdBy: "test",
        },
      });
      await update(token, { publishedVersion: version });
    },
    leave: (token) => update(token, { status: "left" }),
  };
}
