import { randomUUID } from "node:crypto";
import { createTestDatabase, type TestDatabase } from "@waxseal/db/testing";
import { afterAll, beforeAll, expect, inject, test } from "vitest";
import { readInstructionPage } from "./read-instruction-page.ts";

let database: TestDatabase;
beforeAll(async () => {
  database = await createTestDatabase(inject("templateDatabaseUrl"));
});
afterAll(() => database?.drop());

test("instructions come by name as people count, also beyond a page", async () => {
  const { db } = database;
  await db.organization.create({ data: { id: "counted", name: "Counted", slug: "counted" } });
  const names = Array.from({ length: 101 }, (_, place) => `site${place + 1}.example`);
  await db.domain.createMany({
    data: names.toReversed().map((domain) => ({
      accountId: "counted",
      id: randomUUID(),
      domain,
      token: domain.replace(".example", "").padEnd(16, "a"),
      createdAt: new Date(),
    })),
  });
  const scope = { accountId: "counted", subjectId: "counted", domainIds: [], missingOnly: true };
  const listed: string[] = [];
  let cursor: string | undefined;
  do {
    const query = { cursor, limit: 100 };
    const page = await readInstructionPage(db, scope, { hostedZone: "hosted.example" }, query);
    listed.push(...page.items.map(({ domain }) => domain));
    cursor = page.nextCursor ?? undefined;
  } while (cursor !== undefined);
  expect(listed).toEqual(names);
});
