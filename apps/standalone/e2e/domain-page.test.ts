import type { Page } from "playwright-core";
import { afterAll, beforeAll, expect, test } from "vitest";
import { agreeToEnforce } from "./enforce-anyway.ts";
import { openBrowser, type TestBrowser } from "./open-browser.ts";
import { queryTxt } from "./query-txt.ts";
import { addSandboxDomain, type Domain, untilActive } from "./sandbox-domain.ts";
import { shareTestStandalone, type TestStandalone } from "./start-test-standalone.ts";

const DOMAIN = "smithy.example";

let waxseal: TestStandalone;
let browser: TestBrowser;
let page: Page;
let key: string;

beforeAll(async () => {
  waxseal = await shareTestStandalone();
  browser = await openBrowser();
  page = browser.page;
  const account = await waxseal.newAccount("Smithy");
  key = account.key;
  await callSandbox("PUT", `/zones/${DOMAIN}`, {});
  await publish([
    { name: DOMAIN, type: "NS", value: "ana.ns.cloudflare.com" },
    { name: `_smtp._tls.${DOMAIN}`, type: "TXT", value: "v=TLSRPTv1; rua=mailto:tls@other-host.example" },
  ]);
  await page.goto(`${waxseal.env.PUBLIC_URL}/sign-in`);
  await page.getByLabel("Email address").fill(account.email);
  await page.getByLabel("Password", { exact: true }).fill(account.password);
  await page.getByRole("button", { name: "Sign in" }).click();
  await page.getByRole("heading", { name: "Home" }).waitFor();
});
afterAll(async () => {
  await browser?.close();
  await waxseal?.stop();
});

test("a new owner sees what the domain has, what will change, and the form of the provider that its name servers name", async () => {
  await page.goto(`${waxseal.env.PUBLIC_URL}/domains/new`);
  await page.getByLabel("Domain", { exact: true }).fill(DOMAIN);
  await page.getByRole("button", { name: "Continue" }).click();
  const found = page.getByRole("region", { name: "What we found today" });
  await found.getByText("Go to mailto:tls@other-host.example", { exact: true }).waitFor();
  await found.getByText("There is no MTA-STS today").waitFor();
  await found.getByText(`_smtp._tls.${DOMAIN} answers other records today`).waitFor();
  await page.getByText("Name servers: ana.ns.cloudflare.com, so it is Cloudflare.").waitFor();
  await page.getByText("DNS only").waitFor();
  const record = page.getByRole("listitem", { name: `mta-sts.${DOMAIN}`, exact: true });
  await record.getByText("mta-sts", { exact: true }).waitFor();
});

test("a CNAME entered with the zone twice is shown at its wrong name, to its owner and to the holder of the link", async () => {
  const { setup } = await show();
  const target = setup[0]?.target ?? "";
  await publish([{ name: `mta-sts.${DOMAIN}.${DOMAIN}`, type: "CNAME", value: target }]);
  await page.evaluate("window.neverReloaded = true");
  await page.getByText("It is there, but at the wrong name").waitFor();
  await page.getByText("At the wrong name", { exact: true }).waitFor();
  await page.getByText(`mta-sts.${DOMAIN}.${DOMAIN}`, { exact: true }).waitFor();
  expect(await page.evaluate("window.neverReloaded")).toBe(true);
  await browser.photograph("setup-misplaced");
  await page.getByRole("button", { name: "Create link" }).click();
  const link = await page.getByText("/setup/").innerText();
  const address = page.url();
  const cookies = await page.context().cookies();
  await page.context().clearCookies();
  await page.goto(link);
  await page.getByText("so it is Cloudflare.").waitFor();
  await page.getByText("It is there, but at the wrong name").waitFor();
  await browser.photograph("shared-misplaced");
  await page.context().addCookies(cookies);
  await page.goto(address);
});

test("once active it is said what happens next, who fetched the policy, and what reports say of the mail hosts", {
  timeout: 240_000,
}, async () => {
  await page.getByRole("button", { name: "Publish these records in the sandbox" }).click();
  const next = page.getByRole("region", { name: "What happens next" });
  await next.waitFor({ timeout: 90_000 });
  await next.getByText(/Expect the first on/).waitFor();
  await page.getByRole("button", { name: "Let a sender deliver mail" }).click();
  await page.getByText("See the reports", { exact: true }).first().waitFor();
  const { id } = await show();
  // Policy servers write what they answered every ten seconds.
  const fetched = async () =>
    (await waxseal.api<Fetches>("GET", `/api/v1/domains/${id}/fetches?hours=24`, { key })).body.totals.served;
  await expect.poll(fetched, { timeout: 60_000, interval: 500 }).toBeGreaterThan(0);
  await page.reload();
  // With the first report nothing is left to wait for.
  await next.waitFor({ state: "detached" });
  await page.getByRole("link", { name: /^Reports: / }).waitFor();
  const hosts = page.getByRole("region", { name: "Mail hosts" });
  await hosts.getByRole("button", { name: "Test TLS now" }).click();
  await hosts.getByText("STARTTLS good").first().waitFor();
  await browser.photograph("domain-next");
  await page.getByRole("link", { name: "Policy downloads", exact: true }).click();
  const versions = page.getByRole("table", { name: "Downloads by version" });
  await versions.getByText("Newest", { exact: true }).waitFor();
  await page.getByRole("table", { name: "Downloads by client network" }).getByText("127.0.0.0/24").waitFor();
  await page.getByRole("link", { name: "Last 30 days" }).click();
  await page.waitForURL(/period=month/);
  await browser.photograph("fetches-new");
});

test("going back to an enforcing version that leaves out a mail host takes the domain's name in writing", async () => {
  const { id } = await show();
  const put = (body: object) => waxseal.api("PUT", `/api/v1/domains/${id}/policy`, { key, body });
  const enforce = { mode: "enforce", mx: [`mx1.${DOMAIN}`], maxAgeSeconds: 1_209_600 };
  expect((await put({ ...enforce, ...agreeToEnforce(DOMAIN) })).status).toBe(200);
  expect((await put({ ...enforce, mx: [`*.${DOMAIN}`], ...agreeToEnforce(DOMAIN) })).status).toBe(200);
  await page.getByRole("link", { name: "Policy", exact: true }).click();
  await page.getByRole("button", { name: "Roll back to version 2" }).click();
  const dialog = page.getByRole("dialog", { name: `Roll back to version 2 for ${DOMAIN}?` });
  await dialog.getByText(`mx2.${DOMAIN} receives mail for ${DOMAIN} but is not in the policy`).waitFor();
  await browser.photograph("roll-back-uncovered");
  await dialog.locator("summary").getByText("Enforce anyway").click();
  await dialog.getByRole("button", { name: "Enforce anyway" }).click();
  await dialog.getByText(`Type ${DOMAIN} to confirm.`).waitFor();
  expect((await show()).policy?.version).toBe(3);
  await dialog.getByLabel(`Type ${DOMAIN} to confirm that mail may be held back`).fill(DOMAIN);
  await dialog.getByRole("button", { name: "Enforce anyway" }).click();
  await dialog.waitFor({ state: "detached" });
  expect((await show()).policy).toMatchObject({ version: 4, mode: "enforce", mx: [`mx1.${DOMAIN}`] });
  await page.getByRole("link", { name: "Activity" }).click();
  await page.getByText(`Agreed to: mail to mx2.${DOMAIN} is held back.`).first().waitFor();
});

test("mail hosts that changed while a domain was pending: its draft follows them, and a policy that a person set is held until it fits", {
  timeout: 120_000,
}, async () => {
  const [drafted, chosen] = ["ferry.example", "barge.example"];
  const added: string[] = [];
  for (const domain of [drafted, chosen]) {
    await setMx(domain, ["old-mx"]);
    const { body } = await waxseal.api<Domain>("POST", "/api/v1/domains", { key, body: { domain } });
    expect(body.policy?.mx).toEqual([`old-mx.${domain}`]);
    added.push(body.id);
  }
  const [draftedId = "", chosenId = ""] = added;
  const put = (id: string, body: object) => waxseal.api("PUT", `/api/v1/domains/${id}/policy`, { key, body });
  const wanted = { mode: "enforce", mx: [`old-mx.${chosen}`], maxAgeSeconds: 604_800 };
  expect((await put(chosenId, { ...wanted, ...agreeToEnforce(chosen) })).status).toBe(200);
  for (const domain of [drafted, chosen]) await setMx(domain, ["new-mx"]);
  for (const domainId of added)
    await waxseal.api("POST", "/api/v1/sandbox/publish", { key, body: { domainId } });

  const live = await untilActive(waxseal, key, draftedId);
  expect(live.policy).toMatchObject({ mode: "testing", mx: [`new-mx.${drafted}`], state: "live" });
  const held = async () => (await show(chosen)).sentence;
  await expect
    .poll(held, { timeout: 90_000, interval: 250 })
    .toContain("held back so that no mail is refused");
  const { status, setup, sentence } = await show(chosen);
  expect(status).toBe("pending");
  expect(sentence).toContain(`None of the hosts that receive mail for ${chosen} is in the policy`);
  // Without an id no sender knows of the policy that would refuse all mail.
  expect(await queryTxt(Number(waxseal.env.DNS_PORT), setup[1]?.target ?? "")).toEqual([]);
  expect(await deliver(chosenId)).not.toContain("not delivered");
  await page.goto(`${waxseal.env.PUBLIC_URL}/domains/${chosenId}`);
  await page.getByText("It is held back so that no mail is refused").first().waitFor();
  await browser.photograph("policy-held");
  await put(chosenId, { ...wanted, mode: "testing", mx: [`new-mx.${chosen}`] });
  expect((await untilActive(waxseal, key, chosenId)).policy?.mode).toBe("testing");
});

test("a domain with both mail hosts broken and 0 of 60 good sessions is not enforced by a click: the review says why, and its mail goes on arriving", async () => {
  const broken = "quarry.example";
  const hosts = [`expired-mx1.${broken}`, `selfsigned-mx2.${broken}`];
  await setMx(broken, ["expired-mx1", "selfsigned-mx2"]);
  const { id } = await addSandboxDomain(waxseal, key, broken);
  await untilActive(waxseal, key, id);
  for (const _ of [1, 2]) expect(await deliver(id)).not.toContain("not delivered");
  const sessions = async () => {
    const path = `/api/v1/tls-reports/summary?domainId=${id}&groupBy=day`;
    const { totals } = (await waxseal.api<Summary>("GET", path, { key })).body;
    return [totals.successfulSessions, totals.failedSessions, totals.byTrust.aligned.failedSessions];
  };
  // The third sender posts its reports without a signature: they are shown and decide nothing.
  await expect.poll(sessions, { timeout: 60_000, interval: 250 }).toEqual([0, 60, 40]);
  for (const [place, fault] of (["expired", "selfsigned"] as const).entries()) {
    const body = { domainId: id, fault, mxHost: hosts[place] };
    expect(await waxseal.api("POST", "/api/v1/sandbox/faults", { key, body })).toMatchObject({
      status: 200,
      body: { steps: [{ ok: true }, { ok: true }] },
    });
  }

  // Failures in trusted reports start tests of the mail hosts, and these the judgement.
  const health = async () => (await show(broken)).health.state;
  await expect.poll(health, { timeout: 60_000, interval: 250 }).toBe("mail-failing");
  await page.goto(`${waxseal.env.PUBLIC_URL}/domains`);
  const row = page.getByRole("listitem").filter({ hasText: broken });
  await row.getByText("Failing", { exact: true }).first().waitFor();
  await row.getByRole("link", { name: broken }).click();
  await page.getByRole("link", { name: "Policy", exact: true }).click();
  await page.getByLabel(/^Enforce/).click();
  await page.getByRole("button", { name: "Review and publish…" }).click();
  const dialog = page.getByRole("dialog");
  await dialog.getByText("Mail would be held back").waitFor({ timeout: 20_000 });
  const said = await dialog.innerText();
  expect(said).toContain(`${hosts[0]} presents an expired certificate. Renew it and reload the mail server.`);
  expect(said).toContain(`${hosts[1]} presents a certificate that senders do not trust.`);
  expect(said).toContain(
    "Of 40 connections in trusted reports of the last 14 days, 40 (100.0%) would have been refused",
  );
  await dialog.getByRole("link", { name: "Fix first" }).waitFor();
  await browser.photograph("enforce-refused");
  await dialog.getByRole("button", { name: "Keep testing" }).click();
  await dialog.waitFor({ state: "detached" });

  const put = (body: object) =>
    waxseal.api<Refusal>("PUT", `/api/v1/domains/${id}/policy`, {
      key,
      body: { mode: "enforce", mx: hosts, maxAgeSeconds: 604_800, ...body },
    });
  const refused = await put({});
  expect(refused).toMatchObject({ status: 409, body: { code: "unsafe" } });
  const stops = refused.body.reasons.filter(({ level }) => level === "stop").map(({ code }) => code);
  expect(stops.sort()).toEqual(["mx-certificate-expired", "mx-certificate-not-trusted", "would-refuse"]);
  // Neither the codes without the typed domain nor all but one of them will do.
  expect((await put({ acknowledge: stops })).status).toBe(409);
  expect((await put({ acknowledge: stops.slice(1), confirmDomain: broken })).status).toBe(409);
  expect((await show(broken)).policy).toMatchObject({ version: 1, mode: "testing" });
  expect(await deliver(id)).not.toContain("not delivered");
});

type Fetches = { totals: { served: number } };
type Sessions = { successfulSessions: number; failedSessions: number };
type Summary = { totals: Sessions & { byTrust: { aligned: Sessions } } };
type Refusal = { code: string; reasons: { code: string; level: string }[] };

async function show(name = DOMAIN): Promise<Domain> {
  const list = await waxseal.api<{ items: { id: string; domain: string }[] }>("GET", "/api/v1/domains", {
    key,
  });
  const id = list.body.items.find(({ domain }) => domain === name)?.id;
  return (await waxseal.api<Domain>("GET", `/api/v1/domains/${id}`, { key })).body;
}

/** Ten mails from each of three senders; what became of each. */
async function deliver(domainId: string): Promise<string> {
  const body = { domainId };
  const { body: log } = await waxseal.api<{ steps: { text: string }[] }>("POST", "/api/v1/sandbox/deliver", {
    key,
    body,
  });
  return log.steps.map(({ text }) => text).join("\n");
}

async function setMx(domain: string, labels: string[]): Promise<void> {
  await callSandbox("PUT", `/zones/${domain}`, {});
  await callSandbox("PUT", `/zones/${domain}/mx`, { labels });
}

function publish(records: { name: string; type: string; value: string }[]): Promise<void> {
  return callSandbox("POST", "/publish", { domain: DOMAIN, records });
}

async function callSandbox(method: string, path: string, body: object): Promise<void> {
  const response = await fetch(`${waxseal.env.SANDBOX_URL}${path}`, {
    method,
    headers: { "content-type": "application/json" },
    body: JSON.stringify(body),
  });
  if (!response.ok) throw new Error(`${method} ${path}: ${await response.text()}`);
}
