import { createTestDatabase, type TestDatabase } from "@waxseal/db/testing";
import { afterAll, beforeAll, expect, inject, test } from "vitest";
import { createTestAccount } from "../../testing/create-test-report.ts";
import { listCustomers } from "../accounts/list-customers.ts";
import { listPortfolio } from "../portfolio/list-portfolio.ts";

let database: TestDatabase;
beforeAll(async () => {
  database = await createTestDatabase(inject("templateDatabaseUrl"));
});
afterAll(() => database.drop());

test("every domain whose sentence names a fault is among the problems, an MX that no policy covers too, and no other", async () => {
  const ctx = await createTestAccount(database.db, () => new Date("2026-03-01T00:00:00Z"));
  await addEveryState(ctx.accountId);
  const query = { limit: 10_000 };
  const { items } = await listPortfolio(ctx, { ...query });
  expect(items.length).toBe(2 * 6 * 5 * 2 * 4 * 5);
  const wrong = items.filter(({ state, problem }) => (state === "problem") !== problem);
  expect(wrong.map(({ domain, state, sentence }) => [domain, state, sentence])).toEqual([]);
  const problems = items.filter(({ problem }) => problem);
  expect(problems.length).toBeGreaterThan(500);
  expect(items.slice(0, problems.length).every(({ state }) => state === "problem")).toBe(true);
  expect((await listPortfolio(ctx, { ...query, state: "problem" })).items).toHaveLength(problems.length);
  const onlyMx = problems.find(({ sentence }) => sentence.includes("mx9.uncovered.example"));
  expect(onlyMx?.setupStates).toMatchObject({ policyHost: "correct", stsRecord: "correct" });
});

test("a customer's problems are counted by the same rule", async () => {
  const ctx = await createTestAccount(database.db, () => new Date("2026-03-01T00:00:00Z"));
  const { id } = await database.db.organization.create({
    data: {
      id: "customer-of-all-states",
      name: "Customer",
      slug: "customer-of-all",
      parentId: ctx.accountId,
    },
  });
  await addEveryState(id);
  const listed = await listPortfolio(ctx, { limit: 10_000, state: "problem" });
  expect((await listCustomers(ctx, {})).items).toMatchObject([{ id, problems: listed.items.length }]);
});

/** One domain for each combination of the facts behind a domain's state. */
async function addEveryState(accountId: string): Promise<void> {
  const { db } = database;
  await db.$executeRaw`
    insert into domain (account_id, id, domain, token, status, created_at, served_version, publish_problem, mx_hosts, mx_checked_at)
    select ${accountId}, gen_random_uuid(),
      concat_ws('-', status, host, sts, problem, cert, mx) || '.' || md5(${accountId}) || '.example',
      substr(md5(concat_ws('-', ${accountId}::text, status, host, sts, problem, cert, mx)), 1, 16),
      status::domain_status, now(), 1, case when problem = 'unpublished' then 'It was not served.' end,
      case mx when 'covered' then '[{"mxHost":"a.mail.example","preference":1},{"mxHost":"mx1.example","preference":2}]'
        when 'null' then '[{"mxHost":".","preference":0}]'
        when 'single' then '[{"mxHost":"mail","preference":1}]'
        else '[{"mxHost":"mx1.example","preference":1},{"mxHost":"mx9.uncovered.example","preference":2}]' end::jsonb,
      now()
    from unnest(array['pending', 'active']) status
      cross join unnest(array['unchecked', 'missing', 'wrong', 'correct', 'unreachable', 'misplaced']) host
      cross join unnest(array['missing', 'wrong', 'correct', 'unreachable', 'misdirected']) sts
      cross join unnest(array['published', 'unpublished']) problem
      cross join unnest(array['none', 'first', 'renewal', 'fine']) cert
      cross join unnest(array['covered', 'uncovered', 'off', 'null', 'single']) mx`;
  const part = (n: number) => `split_part(split_part(domain, '.', 1), '-', ${n})`;
  const rows = `from domain d where d.account_id = $1`;
  await db.$executeRawUnsafe(
    `insert into setup_record (account_id, domain_id, kind, state, misplaced, misdirected)
     select d.account_id, d.id, kind::setup_record_kind,
       (case seen when 'misplaced' then 'missing' when 'misdirected' then 'wrong' else seen end)::setup_record_state,
       case seen when 'misplaced' then 'elsewhere' end, case seen when 'misdirected' then 'otherToken' end
     from domain d cross join unnest(array['policyHost', 'stsRecord', 'tlsRptRecord']) kind cross join lateral (
       select case kind when 'policyHost' then ${part(2)} when 'stsRecord' then ${part(3)} else 'missing' end) s(seen)
     where d.account_id = $1`,
    accountId,
  );
  await db.$executeRawUnsafe(
    `insert into policy_version (account_id, domain_id, version, policy_id, mode, mx, max_age_seconds, created_at, created_by)
     select d.account_id, d.id, 1, 'id', (case when ${part(6)} = 'off' then 'none' else 'testing' end)::policy_mode,
       array['*.mail.example', 'mx1.example', '*.mail'], 604800, now(), 'x' ${rows}`,
    accountId,
  );
  await db.$executeRawUnsafe(
    `insert into certificate_name (account_id, host, domain_id, state, state_since, current_certificate_id)
     select d.account_id, 'mta-sts.' || d.domain, d.id,
       (case when ${part(5)} in ('first', 'renewal') then 'failing' else 'issued' end)::certificate_state, now(),
       case when ${part(5)} in ('renewal', 'fine') then d.id end ${rows} and ${part(5)} <> 'none'`,
    accountId,
  );
  await db.$executeRawUnsafe(
    `insert into certificate (account_id, id, host, chain_pem, key_jwe, issuer, serial, fingerprint256, not_before, not_after,
       directory_url, created_at)
     select d.account_id, d.id, 'mta-sts.' || d.domain, '', '', '', '', '', now(), now(), '', now()
     ${rows} and ${part(5)} in ('renewal', 'fine')`,
    accountId,
  );
}
