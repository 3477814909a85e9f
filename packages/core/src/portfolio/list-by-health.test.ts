import { HealthState } from "@waxseal/contract";
import { createTestDatabase, type TestDatabase } from "@waxseal/db/testing";
import { afterAll, beforeAll, expect, inject, test } from "vitest";
import { createTestAccount } from "../../testing/create-test-report.ts";
import type { Context } from "../context.ts";
import { listCustomers } from "./list-customers.ts";
import { listDomains } from "./list-domains.ts";
import { listPortfolio } from "./list-portfolio.ts";

let database: TestDatabase;
let ctx: Context;
let customer: string;
beforeAll(async () => {
  database = await createTestDatabase(inject("templateDatabaseUrl"));
  ctx = await createTestAccount(database.db, () => new Date("2026-03-01T00:00:00Z"));
  customer = await addCustomer("Customer 10");
  await addCustomer("Customer 9");
  await addEveryHealth(ctx.accountId, "own");
  await addEveryHealth(customer, "theirs");
});
afterAll(() => database.drop());

async function addCustomer(name: string): Promise<string> {
  const id = name.toLowerCase().replace(" ", "-");
  await database.db.organization.create({ data: { id, name, slug: id, parentId: ctx.accountId } });
  return id;
}

/** One domain of each health, the best first by name. */
async function addEveryHealth(accountId: string, name: string): Promise<void> {
  await database.db.$executeRaw`
    insert into domain (account_id, id, domain, token, status, created_at, health)
    select ${accountId}, gen_random_uuid(), 9 - place || '.' || ${name} || '.example', md5(health || ${name}),
      case health when 'off' then 'left' else 'active' end::domain_status, now(), health
    from unnest(${[...HealthState.options]}::text[]) with ordinality as t(health, place)`;
}

const healthsOf = ({ items }: Awaited<ReturnType<typeof listDomains>>) =>
  items.map(({ health }) => health.state);
const query = { limit: 100 };

test("both lists show those that need attention first, the worst at the top, and pages do not repeat any", async () => {
  expect(healthsOf(await listDomains(ctx, query))).toEqual(HealthState.options);
  const seen: string[] = [];
  let cursor: string | undefined;
  do {
    const page: Awaited<ReturnType<typeof listPortfolio>> = await listPortfolio(ctx, { limit: 3, cursor });
    seen.push(...healthsOf(page));
    cursor = page.nextCursor ?? undefined;
  } while (cursor !== undefined);
  expect(seen).toEqual(
    HealthState.options.filter((state) => state !== "off").flatMap((state) => [state, state]),
  );
});

test.each([
  ["attention", ["mail-failing", "at-risk", "needs-action"]],
  ["good", ["good"]],
  ["off", ["off"]],
] as const)("the filter %s leaves what it says", async (health, states) => {
  expect(healthsOf(await listDomains(ctx, { ...query, health }))).toEqual(states);
  expect(new Set(healthsOf(await listPortfolio(ctx, { ...query, health })))).toEqual(new Set(states));
});

test("customers are counted by the same health, in the order of their numbers", async () => {
  const { items } = await listCustomers(ctx, {});
  expect(items).toMatchObject([
    { id: customer, domains: 6, mailFailing: 1, attention: 3, settingUp: 2, good: 1 },
    { name: "Customer 9", domains: 0, attention: 0 },
  ]);
  await database.db.domain.updateMany({ where: { accountId: customer }, data: { status: "left" } });
  expect((await listCustomers(ctx, {})).items.map(({ name }) => name)).toEqual(["Customer 9", "Customer 10"]);
});

test("a domain whose health changes between two pages is on a later page, also when it moved before the first", async () => {
  const own = await createTestAccount(database.db, () => new Date("2026-03-01T00:00:00Z"));
  const names = Array.from({ length: 9 }, (_, n) => `d${n}.example`);
  await database.db.domain.createMany({
    data: names.map((domain, n) => ({
      ...{
        accountId: own.accountId,
        domain,
        token: domain,
        status: "active" as const,
        createdAt: new Date(),
      },
      health: n < 3 ? "mail-failing" : "good",
    })),
  });
  const setHealth = (domain: string, health: string) =>
    database.db.domain.updateMany({ where: { accountId: own.accountId, domain }, data: { health } });
  const changes: [string, string][] = [
    ["d8.example", "mail-failing"],
    ["d7.example", "at-risk"],
    ["d0.example", "good"],
  ];
  for (const list of [listDomains, listPortfolio]) {
    const seen: string[] = [];
    let cursor: string | undefined;
    for (let page = 0; page === 0 || cursor !== undefined; page += 1) {
      const { items, nextCursor } = await list(own, { limit: 4, ...(cursor && { cursor }) });
      seen.push(...items.map(({ domain, health }) => `${domain} ${health.state}`));
      cursor = nextCursor ?? undefined;
      const [domain, health] = changes[page] ?? [];
      if (domain && health) await setHealth(domain, health);
      expect(page).toBeLessThan(6);
    }
    expect(new Set(seen.map((line) => line.split(" ")[0]))).toEqual(new Set(names));
    expect(seen).toContain("d8.example mail-failing");
    await setHealth("d8.example", "good");
    await setHealth("d7.example", "good");
    await setHealth("d0.example", "mail-failing");
  }
});

test.each([
  "0__x_1",
  "1_a.example__1",
  "8_a.example_6f9619ff-8b86-4011-b42d-00c04fc964ff_1",
  "1_a.example_6f9619ff-8b86-4011-b42d-00c04fc964ff",
])("the cursor of %s is none of ours, sealed or not", async (place) => {
  for (const cursor of [place, Buffer.from(place).toString("base64url")])
    await expect(listDomains(ctx, { limit: 2, cursor })).rejects.toMatchObject({ code: "invalid" });
});
