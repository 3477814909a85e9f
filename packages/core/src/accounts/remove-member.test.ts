import { randomUUID } from "node:crypto";
import { createTestDatabase, type TestDatabase } from "@waxseal/db/testing";
import { afterAll, beforeAll, expect, inject, test } from "vitest";
import { createTestAccount } from "../../testing/create-test-report.ts";
import { type Context, createContext } from "../context.ts";
import { changeMemberRole } from "./change-member-role.ts";
import { removeMember } from "./remove-member.ts";

/** Without the lock, nearly every round leaves no owner. */
const ROUNDS = 5;
const now = () => new Date("2026-03-15T06:00:00Z");
let database: TestDatabase;
beforeAll(async () => {
  database = await createTestDatabase(inject("templateDatabaseUrl"));
});
afterAll(() => database.drop());

/** Two owners of an account, each as the context they work in. */
async function startTwoOwners(): Promise<Context[]> {
  const { accountId } = await createTestAccount(database.db, now);
  const ids = [randomUUID(), randomUUID()];
  await database.db.user.createMany({
    data: ids.map((id) => ({ id, email: `${id}@people.example`, name: id, createdAt: now() })),
  });
  await database.db.member.createMany({
    data: ids.map((id) => ({ id, organizationId: accountId, userId: id, role: "owner" })),
  });
  const source = { db: database.db, now };
  return ids.map((id) => createContext(source, accountId, { kind: "user", id, name: id }, "owner"));
}

const changes = {
  remove: (ctx: Context, userId: string) => removeMember(ctx, { userId }),
  demote: (ctx: Context, userId: string) => changeMemberRole(ctx, { userId, role: "viewer" }),
};

test.each(["remove", "demote"] as const)(
  "two owners who %s one another at once leave one owner",
  async (verb) => {
    for (let round = 0; round < ROUNDS; round++) {
      const [ann, bob] = await startTwoOwners();
      if (!ann || !bob) throw new Error("there are two owners");
      const outcomes = await Promise.allSettled([
        changes[verb](ann, bob.actor.id),
        changes[verb](bob, ann.actor.id),
      ]);
      expect(outcomes.filter(({ status }) => status === "fulfilled")).toHaveLength(1);
      const where = { organizationId: ann.accountId, role: "owner" };
      expect(await database.db.member.count({ where })).toBe(1);
    }
  },
);
