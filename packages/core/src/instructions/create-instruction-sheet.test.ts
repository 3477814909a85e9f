import { createTestDatabase, type TestDatabase } from "@waxseal/db/testing";
import { afterAll, beforeAll, expect, inject, test } from "vitest";
import { createTestAccount, createTestDomain } from "../../testing/create-test-report.ts";
import { createCustomer } from "../accounts/create-customer.ts";
import type { Context } from "../context.ts";
import type { Mail } from "../mail/create-mailer.ts";
import { createInstructionSheet } from "./create-instruction-sheet.ts";
import { endInstructionSheet } from "./end-instruction-sheet.ts";
import { openSharedSheet } from "./open-shared-sheet.ts";

const now = () => new Date("2026-03-15T06:00:00Z");
const settings = {
  hostedZone: "hosted.example",
  reportsDomain: "reports.example",
  reportsHost: "reports.hosted.example",
  policyAddresses: ["192.0.2.1"],
  nameservers: ["ns1.hosted.example"],
  caaIdentities: [],
};
let database: TestDatabase;
let ctx: Context;
beforeAll(async () => {
  database = await createTestDatabase(inject("templateDatabaseUrl"));
  ctx = await createTestAccount(database.db, now);
});
afterAll(() => database.drop());

const depsWith = (take: (mail: Mail) => Promise<void>) => ({
  publicUrl: "https://waxseal.example",
  settings,
  queueMail: (_db: unknown, mail: Mail) => take(mail),
});
const deps = depsWith(async () => undefined);
const sheet = { only: "missing", expiresInDays: 1 } as const;
const logOf = async (accountId: string) =>
  (await database.db.event.findMany({ where: { accountId, kind: { startsWith: "sheet." } } })).map(
    ({ kind, data }) => [kind, Object(data).domainIds],
  );

test("each customer whose domain is shown reads in its own log of its own domains, and of no other customer's", async () => {
  const made = [await createCustomer(ctx, { name: "A" }), await createCustomer(ctx, { name: "B" })];
  const customers = made.map(({ customer }) => customer);
  const ids: string[] = [];
  for (const { id } of customers) {
    ids.push((await createTestDomain({ ...ctx, accountId: id }, `${id}.example`)).domainId);
  }
  const { id: sheetId } = await createInstructionSheet(ctx, { ...sheet, domainIds: ids }, deps);
  await endInstructionSheet(ctx, { sheetId });
  for (const [place, { id }] of customers.entries()) {
    expect(await logOf(id)).toEqual([
      ["sheet.created", [ids[place]]],
      ["sheet.ended", [ids[place]]],
    ]);
  }
  expect(await logOf(ctx.accountId)).toEqual([
    ["sheet.created", ids],
    ["sheet.ended", ids],
  ]);
});

test("one mailbox gets at most ten mails at once from all accounts and spellings, and a refused mail creates no link", async () => {
  const accounts = await Promise.all(Array.from({ length: 6 }, () => createTestAccount(database.db, now)));
  const mailed: string[] = [];
  const counting = depsWith(async ({ to }) => void mailed.push(to));
  const ask = (mailer: Context, mailTo: string) =>
    createInstructionSheet(mailer, { ...sheet, mailTo }, counting);
  const asked = accounts.flatMap((mailer) => [
    ask(mailer, "flooded@customer.example"),
    ask(mailer, "Flooded+x@customer.example"),
  ]);
  const answers = await Promise.allSettled(asked);
  expect(mailed.length).toBe(10);
  const refused = answers.flatMap((answer) => (answer.status === "rejected" ? [answer.reason.code] : []));
  expect(refused).toEqual(["limit_reached", "limit_reached"]);
  const accountId = { in: accounts.map((one) => one.accountId) };
  expect(await database.db.instructionSheet.count({ where: { accountId } })).toBe(10);
  await ask(ctx, "another@customer.example");
  expect(mailed.length).toBe(11);
});

test("no link is created when its mail cannot be queued", async () => {
  const mailer = await createTestAccount(database.db, now);
  let sent = "";
  const refusing = depsWith(async ({ text }) => {
    sent = text;
    throw new Error("The database is away");
  });
  const input = { ...sheet, mailTo: "dns@customer.example" };
  await expect(createInstructionSheet(mailer, input, refusing)).rejects.toThrow("away");
  expect(await logOf(mailer.accountId)).toEqual([]);
  const sheetToken = /\/instructions\/([\w-]{24})/.exec(sent)?.[1] ?? "";
  const opened = openSharedSheet({ db: database.db, now }, sheetToken, settings);
  await expect(opened).rejects.toMatchObject({ code: "not_found" });
});
