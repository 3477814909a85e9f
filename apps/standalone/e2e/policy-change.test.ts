import { type Database, openDatabase, reportsOf } from "@waxseal/db";
import type { Page } from "playwright-core";
import { afterAll, beforeAll, expect, test } from "vitest";
import { agreeToEnforce } from "./enforce-anyway.ts";
import { openBrowser, type TestBrowser } from "./open-browser.ts";
import { startTestStandalone, type TestStandalone } from "./start-test-standalone.ts";
import { timeJourneys } from "./time-journeys.ts";

const DOMAINS = 60;

let waxseal: TestStandalone;
let browser: TestBrowser;
let page: Page;
let db: Database;
let owner: { email: string; password: string; key: string };

const { click, time, print } = timeJourneys();
const button = (name: string | RegExp) => page.getByRole("button", { name });
const link = (name: string | RegExp) => page.getByRole("link", { name });

beforeAll(async () => {
  waxseal = await startTestStandalone();
  const { DATABASE_URL = "", REPORTS_DATABASE_URL } = waxseal.env;
  db = openDatabase(DATABASE_URL, { poolSize: 1, reportsDatabaseUrl: REPORTS_DATABASE_URL });
  owner = await waxseal.newAccount("Provider");
  for (let start = 0; start < DOMAINS; start += 20) {
    const items = Array.from({ length: 20 }, (_, n) => ({
      domain: `shop-${start + n}.example`,
      customer: `Shop ${(start + n) % 10}`,
    }));
    await waxseal.api("POST", "/api/v1/domains/bulk", {
      key: owner.key,
      body: { items, createCustomers: true },
    });
  }
  // Enforcing would hold back the mail of two.
  await db.$executeRaw`
    update policy_version p set mx = case when d.domain in ('shop-7.example', 'shop-8.example') then array['other.example']
      else array(select h->>'mxHost' from jsonb_array_elements(d.mx_hosts) h) || array['mx.mail.example'] end
    from domain d where d.account_id = p.account_id and d.id = p.domain_id`;
  // Set by a person: a draft would follow its domain's MX hosts.
  await db.$executeRaw`
    insert into event (account_id, id, at, actor_kind, actor_id, actor_name, kind, domain_id, data)
    select account_id, gen_random_uuid(), now(), 'operator', 'operator', 'Operator', 'policy.created', domain_id,
      jsonb_build_object('version', version)
    from policy_version`;
  // A report of each: without any, nothing would show that its mail is delivered.
  const reports = reportsOf(db);
  const domains = await db.domain.findMany({ select: { accountId: true, id: true } });
  await reports.$executeRaw`select ensure_report_partitions(current_date - 1)::text, ensure_report_partitions(current_date)::text`;
  await reports.$executeRaw`
    insert into tls_report (account_id, report_day, id, domain_id, message_id, reporter, report_id, start_at, end_at,
      successful_sessions, failed_sessions, result_types, trust, transport, quirks, identity, policies, received_at)
    select account_id, current_date - 1, gen_random_uuid(), id, gen_random_uuid(), 'Google Inc.', 'r', current_date - 1, current_date,
      100, 0, '{}', 'aligned', 'smtp', '{}', id::text, '[]', now()
    from unnest(${domains.map((one) => one.accountId)}::text[], ${domains.map(({ id }) => id)}::uuid[]) as d(account_id, id)`;
  browser = await openBrowser();
  page = browser.page;
  await page.goto(`${waxseal.env.PUBLIC_URL}/sign-in`);
  await page.getByLabel("Email address").fill(owner.email);
  await page.getByLabel("Password", { exact: true }).fill(owner.password);
  await button("Sign in").click();
  await page.getByRole("heading", { name: "Home" }).waitFor();
});
afterAll(async () => {
  print();
  await browser?.close();
  await db?.$disconnect();
  await waxseal?.stop();
});

test("domains are tagged in the list, found by their tag, and the filter is kept for everybody", async () => {
  await page.goto(`${waxseal.env.PUBLIC_URL}/customers/domains?q=shop-`);
  await time("tag 60 domains and save the filter", async () => {
    await click(page.getByLabel("Select all"));
    await page.getByText(`${DOMAINS} domains selected`).waitFor();
    const first = page.getByRole("checkbox", { name: /^Select shop-/ }).first();
    await first.click();
    await page.getByText(`${DOMAINS - 1} domains selected`).waitFor();
    await first.click();
    await page.getByText(`${DOMAINS} domains selected`).waitFor();
    await click(button("Tags"));
    await page.getByLabel("Add").fill("Gold plan");
    await browser.photograph("tag-dialog");
    await click(button("Save the tags"));
    await page.getByLabel("Tag", { exact: true }).selectOption("gold plan");
    await click(button("Save this filter"));
    await page.getByLabel("Name").fill("Gold shops");
    await click(page.getByRole("button", { name: "Save", exact: true }));
    await page.getByLabel("Saved filters").waitFor();
  });
  expect(new URL(page.url()).searchParams.get("tag")).toBe("gold plan");
  await browser.photograph("portfolio-tagged");
  await page.goto(`${waxseal.env.PUBLIC_URL}/customers/domains`);
  await page.getByLabel("Saved filters").selectOption("Gold shops");
  await page.waitForURL(/tag=gold/);
});

test("60 policies are set to enforce by tag, two refused with the reason, and a reload in between loses nothing", {
  timeout: 120_000,
}, async () => {
  await page.goto(`${waxseal.env.PUBLIC_URL}/customers/domains?tag=gold%20plan`);
  let photographedMs = 0;
  const photograph = async (name: string) => {
    const startedAt = performance.now();
    await browser.photograph(name);
    photographedMs += performance.now() - startedAt;
  };
  const startedAt = performance.now();
  await time("set 60 policies to enforce by tag, with a reload in between (with photographs)", async () => {
    await click(link("Edit all matching policies…"));
    await page.getByText("tagged “gold plan”").waitFor();
    await photograph("policy-change-new");
    await page.getByLabel("Mode").selectOption("enforce");
    await click(button("Preview changes"));
    const refused = page.getByRole("table", { name: "Refused domains" });
    await refused.waitFor();
    expect(await refused.getByRole("row").count()).toBe(1 + 2);
    expect(await refused.innerText()).toMatch(/receives? mail for shop-7\.example but/);
    await photograph("policy-change-preview");
    await click(button("Change 58 policies"));
    await page.getByLabel("Type 58 to confirm").fill("58");
    await photograph("policy-change-confirm");
    await click(button("Change them"));
    // Five, then a fifth of all, then the rest, a day apart and without a person.
    await page.getByText("Wave 2 of 3 begins automatically on").waitFor({ timeout: 60_000 });
    await photograph("policy-change-wave");
    expect(await button(/^Continue with/).count()).toBe(0);
    const { id } = await db.policyChange.findFirstOrThrow();
    for (let isEnded = false; !isEnded; ) {
      await db.policyChange.updateMany({ where: { endedAt: null }, data: { nextWaveAt: new Date(0) } });
      const { body } = await waxseal.api<{ endedAt: string | null }>(
        "POST",
        `/api/v1/policy-changes/${id}/continue`,
        { key: owner.key, body: { limit: 25 } },
      );
      isEnded = body.endedAt !== null;
    }
    await page.reload();
    await page.getByText("58 policies changed. Each is served now").waitFor({ timeout: 90_000 });
  });
  console.info(
    `of these ${((performance.now() - startedAt - photographedMs) / 1_000).toFixed(1)} s without the photographs`,
  );
  await photograph("policy-change-done");
  const newest = await db.$queryRaw<{ n: number }[]>`
    select count(*)::int as n from policy_version p join domain d on d.account_id = p.account_id and d.id = p.domain_id
    where p.version = d.served_version and p.mode = 'enforce' and p.version = 2`;
  expect(newest).toEqual([{ n: 58 }]);
});

test("who set a policy to enforce is found from the domain, with when, before and after", async () => {
  const body = { domain: "cellar.example" };
  const added = await waxseal.api<{ id: string }>("POST", "/api/v1/domains", { key: owner.key, body });
  const mate = "mate@people.example";
  await waxseal.cli(
    "user",
    "create",
    "--email",
    mate,
    "--password",
    "a long enough password",
    "--name",
    "Mate Finch",
  );
  const user = await db.user.findUniqueOrThrow({ where: { email: mate } });
  const { id: organizationId } = await db.organization.findFirstOrThrow({ where: { name: "Provider" } });
  await db.member.create({ data: { id: "mate", organizationId, userId: user.id, role: "editor" } });
  await setToEnforce(mate, added.body.id, organizationId);

  await page.goto(`${waxseal.env.PUBLIC_URL}/domains`);
  await time("who set this policy to enforce", async () => {
    await click(link("cellar.example"));
    await click(link("Activity"));
    await click(link("Show in audit log"));
    const row = page.getByRole("row", { name: /mode enforce/ });
    await row.waitFor();
    expect(await row.innerText()).toContain("Mate Finch");
    expect(await row.innerText()).toMatch(/\d{1,2} \w{3} \d{4}/);
    expect(await row.getByRole("list", { name: "Changes" }).innerText()).toContain("Mode: testing → enforce");
  });
  await browser.photograph("audit-enforce");
});

/** As the colleague's own browser would. */
async function setToEnforce(email: string, domainId: string, accountId: string): Promise<void> {
  const site = `http://127.0.0.1:${waxseal.env.PORT}`;
  const headers = { "content-type": "application/json", origin: waxseal.env.PUBLIC_URL ?? "" };
  const signedIn = await fetch(`${site}/api/auth/sign-in/email`, {
    method: "POST",
    headers,
    body: JSON.stringify({ email, password: "a long enough password" }),
  });
  const cookie = signedIn.headers
    .getSetCookie()
    .map((each) => each.split(";")[0])
    .join("; ");
  const answer = await fetch(`${site}/api/v1/domains/${domainId}/policy`, {
    method: "PUT",
    headers: { ...headers, cookie, "x-waxseal-account": accountId },
    body: JSON.stringify({
      mode: "enforce",
      mx: ["mx.cellar.example"],
      maxAgeSeconds: 604_800,
      ...agreeToEnforce("cellar.example"),
    }),
  });
  expect(answer.status).toBe(200);
}
