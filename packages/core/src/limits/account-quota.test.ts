import { randomUUID } from "node:crypto";
import { createTestDatabase, type TestDatabase } from "@waxseal/db/testing";
import { afterAll, beforeAll, expect, inject, test } from "vitest";
import { createTestPeople, type TestPeople } from "../../testing/create-test-people.ts";
import { createTestDomain } from "../../testing/create-test-report.ts";
import { inviteMember } from "../accounts/invite-member.ts";
import { suspendAccount } from "../accounts/suspend-account.ts";
import {
  findAccountsOverReports,
  getAccountQuota,
  refuseDomainOverQuota,
  setAccountQuota,
} from "./account-quota.ts";

let database: TestDatabase;
let people: TestPeople;
beforeAll(async () => {
  database = await createTestDatabase(inject("templateDatabaseUrl"));
  people = createTestPeople(database.db);
});
afterAll(() => database.drop());

const NONE = { domains: undefined, members: undefined, reportsADay: undefined };
const start = async () => (await people.addMember(await people.addAccount())).ctx;
const refuse = (accountId: string) => database.db.$transaction((db) => refuseDomainOverQuota(db, accountId));

test("an account has what every account has until the operator says otherwise, and again with null", async () => {
  const { accountId } = await start();
  expect(await getAccountQuota(database.db, accountId)).toEqual(NONE);
  expect(await setAccountQuota(database.db, accountId, { domains: 3, members: 2 })).toEqual({
    ...NONE,
    domains: 3,
    members: 2,
  });
  expect(await setAccountQuota(database.db, accountId, { domains: null })).toEqual({ ...NONE, members: 2 });
  expect(await getAccountQuota(database.db, randomUUID())).toEqual(NONE);
});

test("the quota of an account that was deleted is not found, and an account of that id is not suspended", async () => {
  const id = randomUUID();
  const gone = { code: "not_found", message: "There is no such account." };
  await expect(setAccountQuota(database.db, id, { domains: 1 })).rejects.toMatchObject(gone);
  const source = { db: database.db, now: people.now };
  await expect(suspendAccount(source, id, "unpaid")).rejects.toMatchObject(gone);
});

test("domains over the quota are refused; departed domains and those of other accounts do not count", async () => {
  const [ctx, other] = [await start(), await start()];
  const { domainId } = await createTestDomain(ctx, "quota-1.example");
  await createTestDomain(other, "quota-2.example");
  await setAccountQuota(database.db, ctx.accountId, { domains: 1 });
  await expect(refuse(ctx.accountId)).rejects.toMatchObject({
    code: "limit_reached",
    message: "This account may have 1 domain. Ask the operator of this service for more.",
  });
  await refuse(other.accountId);
  await database.db.domain.updateMany({ where: { id: domainId }, data: { status: "left" } });
  await refuse(ctx.accountId);
});

test("a quota of none refuses the first domain", async () => {
  const { accountId } = await start();
  await setAccountQuota(database.db, accountId, { domains: 0 });
  await expect(refuse(accountId)).rejects.toMatchObject({ reason: "too_many_objects" });
});

test("open invitations count as members, also of several at the same instant; expired and revoked ones do not", async () => {
  const ctx = await start();
  await setAccountQuota(database.db, ctx.accountId, { members: 3 });
  const dead = { organizationId: ctx.accountId, role: "viewer", createdAt: people.now() };
  await database.db.invitation.createMany({
    data: [
      { ...dead, id: randomUUID(), email: "a@people.example", status: "pending", expiresAt: people.now() },
      {
        ...dead,
        id: randomUUID(),
        email: "b@people.example",
        status: "canceled",
        expiresAt: new Date("2027-01-01"),
      },
    ],
  });
  const outcomes = await Promise.allSettled(
    Array.from({ length: 5 }, (_, n) =>
      inviteMember(ctx, { email: `quota${n}@people.example`, role: "viewer" }, people.deps),
    ),
  );
  const refused = outcomes.flatMap((one) => (one.status === "rejected" ? [one.reason.reason] : []));
  expect(refused).toEqual(Array(3).fill("too_many_objects"));
});

test("an account is over its reports when it has had as many today, by UTC; others are not looked at", async () => {
  const [limited, free] = [await start(), await start()];
  await setAccountQuota(database.db, limited.accountId, { reportsADay: 2 });
  const at = new Date("2026-03-15T23:59:00Z");
  const take = (accountId: string, receivedAt: string) =>
    database.reports.reportMessage.create({
      data: { accountId, receivedAt, transport: "smtp", contentSha256: "", raw: Buffer.from("x") },
    });
  const over = async () => [
    ...(await findAccountsOverReports(database.db, [limited.accountId, free.accountId], at)),
  ];
  for (const when of ["2026-03-14T23:59:59Z", "2026-03-15T00:00:00Z"]) await take(limited.accountId, when);
  for (const n of [1, 2, 3]) await take(free.accountId, `2026-03-15T0${n}:00:00Z`);
  expect(await over()).toEqual([]);
  await take(limited.accountId, "2026-03-15T12:00:00Z");
  expect(await over()).toEqual([limited.accountId]);
  expect((await findAccountsOverReports(database.db, [], at)).size).toBe(0);
});
