import { readFile } from "node:fs/promises";
import type { PolicyVersionListView } from "@waxseal/contract";
import { openDatabase } from "@waxseal/db";
import { createAddressGuard, createResolver, fetchPolicy } from "@waxseal/probes";
import { afterAll, beforeAll, expect, test } from "vitest";
import type { z } from "zod";
import { openBrowser, type TestBrowser } from "./open-browser.ts";
import { queryTxt } from "./query-txt.ts";
import { type Domain, untilActive } from "./sandbox-domain.ts";
import { shareTestStandalone, type TestStandalone } from "./start-test-standalone.ts";

const DOMAIN = "tannery.example";

let waxseal: TestStandalone;
let browser: TestBrowser;

beforeAll(async () => {
  waxseal = await shareTestStandalone();
  browser = await openBrowser();
});
afterAll(async () => {
  await browser?.close();
  await waxseal?.stop();
});

test("RFC 8461 §8.3: turned off, a domain serves mode none until no sender can hold more, then nothing, and says so at each step", {
  timeout: 180_000,
}, async () => {
  const { email, password, key } = await waxseal.newAccount("Tannery");
  const { id, setup } = await addForSeconds(key);
  const { page } = browser;
  await page.goto(`${waxseal.env.PUBLIC_URL}/sign-in`);
  await page.getByLabel("Email address").fill(email);
  await page.getByLabel("Password", { exact: true }).fill(password);
  await page.getByRole("button", { name: "Sign in" }).click();
  await page.getByRole("heading", { name: "Home" }).waitFor();

  await page.goto(`${waxseal.env.PUBLIC_URL}/domains/${id}`);
  await page.getByRole("link", { name: "Turn MTA-STS off safely" }).click();
  await page.getByText("does not turn MTA-STS off").waitFor();
  await page.getByRole("button", { name: `Turn off for ${DOMAIN}…` }).click();
  await page.getByLabel(`Type ${DOMAIN} to confirm`).fill(DOMAIN);
  await page.getByRole("button", { name: "Turn off", exact: true }).click();
  await page.getByText("Leave the DNS records in place for now").waitFor();
  await browser.photograph("leaving");

  const [, txtName] = setup.map(({ target }) => target);
  const idOf = async () => (await queryTxt(Number(waxseal.env.DNS_PORT), txtName ?? "")).join("");
  const published = async () => (await show(key, id)).policy;
  await expect.poll(published, { timeout: 60_000 }).toMatchObject({ mode: "none", state: "live" });
  const leaving = await show(key, id);
  expect(leaving).toMatchObject({ status: "leaving", policy: { maxAgeSeconds: 86_400 } });
  expect(await fetchBody()).toContain("mode: none");
  expect(await idOf()).toContain(leaving.policy?.policyId);

  const horizonAt = Date.parse(leaving.cacheHorizonAt ?? "");
  expect(horizonAt).toBeGreaterThan(Date.now() - 1_000);
  await finishLeaving();
  if (Date.now() < horizonAt) expect((await show(key, id)).status, "before the horizon").toBe("leaving");
  await page.evaluate("window.neverReloaded = true");
  const left = async () => {
    await finishLeaving();
    return (await show(key, id)).status;
  };
  await expect.poll(left, { timeout: 60_000, interval: 1_000 }).toBe("left");
  expect(Date.now()).toBeGreaterThanOrEqual(horizonAt);

  await page.getByText("You can delete the three CNAME records now").waitFor();
  expect(await page.evaluate("window.neverReloaded")).toBe(true);
  await browser.photograph("left");
  await expect.poll(idOf, { timeout: 60_000 }).toBe("");
  await expect.poll(fetchBody, { timeout: 60_000 }).toBeUndefined();
});

/** A domain that is active with a policy senders remember for a second, set before its first id shows. */
async function addForSeconds(key: string): Promise<Domain> {
  const added = await waxseal.api<Domain>("POST", "/api/v1/domains", { key, body: { domain: DOMAIN } });
  const body = { mode: "testing", mx: [`*.${DOMAIN}`], maxAgeSeconds: 1 };
  const put = await waxseal.api("PUT", `/api/v1/domains/${added.body.id}/policy`, { key, body });
  expect(put.status).toBe(200);
  // A server that was cut off might answer with the drafted version, of a week, for one more lease.
  const draftIsOver = async () => {
    const path = `/api/v1/domains/${added.body.id}/policy/versions`;
    const { items } = (await waxseal.api<z.infer<typeof PolicyVersionListView>>("GET", path, { key })).body;
    return Date.parse(items.at(-1)?.lastServedAt ?? "") < Date.now();
  };
  await expect.poll(draftIsOver, { timeout: 60_000, interval: 500 }).toBe(true);
  await waxseal.api("POST", "/api/v1/sandbox/publish", { key, body: { domainId: added.body.id } });
  return untilActive(waxseal, key, added.body.id);
}

async function show(key: string, id: string): Promise<Domain> {
  return (await waxseal.api<Domain>("GET", `/api/v1/domains/${id}`, { key })).body;
}

/** What the worker does every five minutes, done by the worker now. */
async function finishLeaving(): Promise<void> {
  const db = openDatabase(waxseal.env.DATABASE_URL ?? "");
  await db.$queryRaw`select graphile_worker.add_job('domain.finishLeaving', '{}'::json) is not null as added`;
  await db.$disconnect();
}

async function fetchBody(): Promise<string | undefined> {
  const answer = await fetchPolicy({
    domain: DOMAIN,
    resolver: createResolver({ servers: [waxseal.env.DNS_RESOLVERS ?? ""] }),
    guard: createAddressGuard({ allowPrivate: true }),
    httpsPort: Number(waxseal.env.POLICY_HTTPS_PORT),
    timeoutMs: 3_000,
    caPem: await readFile(waxseal.env.ACME_CA_FILE ?? "", "utf8"),
  });
  return "found" in answer ? answer.found.body : undefined;
}
