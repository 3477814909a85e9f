import { execFile } from "node:child_process";
import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { promisify } from "node:util";
import { afterAll, beforeAll, expect, inject, test } from "vitest";
import { startTestApi, type TestApi } from "../../testing/start-test-api.ts";

let api: TestApi;
let now = new Date();
let provider: { accountId: string; key: string };
let bakeryId: string;
let ids: Record<string, string>;

beforeAll(async () => {
  api = await startTestApi(inject("templateDatabaseUrl"), { now: () => now });
  provider = await api.newAccount("Provider");
  const other = await api.newAccount("Other");
  const items = [
    { domain: "own.example" },
    { domain: "good.example", customer: "Bakery" },
    { domain: "lacking.example", customer: "Bakery" },
    { domain: "left.example", customer: "Bakery" },
    { domain: "tea.example", customer: "Tea" },
  ];
  await api.ask("POST", "/api/v1/domains/bulk", { ...provider, body: { items, createCustomers: true } });
  await api.ask("POST", "/api/v1/domains", { key: other.key, body: { domain: "secret.example" } });
  const rows = await api.db.domain.findMany();
  ids = Object.fromEntries(rows.map(({ domain, id }) => [domain, id]));
  bakeryId = (await api.db.organization.findFirstOrThrow({ where: { name: "Bakery" } })).id;
  await api.db.domain.updateMany({ where: { domain: "left.example" }, data: { status: "left" } });
  await setStates("good.example", "correct");
  await setStates("lacking.example", "missing");
});
afterAll(() => api.stop());

async function setStates(domain: string, state: "correct" | "missing"): Promise<void> {
  const { accountId, id: domainId } = await api.db.domain.findFirstOrThrow({ where: { domain } });
  await api.db.setupRecord.updateMany({ where: { accountId, domainId }, data: { state } });
}

const ask = (method: string, path: string, body?: unknown) =>
  api.ask(method, `/api/v1${path}`, { key: provider.key, ...(body === undefined ? {} : { body }) });
const domainsOf = (json: unknown) => Object(json).items.map(({ domain }: { domain: string }) => domain);
const makeSheet = async (body: object) =>
  String(Object((await ask("POST", "/instruction-sheets", body)).json).sheetToken);
const open = (token: string, rest = "") => api.ask("GET", `/api/v1/shared-instructions/${token}${rest}`);

test("instructions list a customer's domains that lack a CNAME, or all that have not left", async () => {
  const missing = await ask("GET", `/instructions?accountId=${bakeryId}`);
  expect(domainsOf(missing.json)).toEqual(["lacking.example"]);
  expect(missing.json).toMatchObject({
    from: { name: "Provider", hasLogo: false },
    subject: "Bakery",
    domains: 2,
    incomplete: 1,
  });
  const all = await ask("GET", `/instructions?accountId=${bakeryId}&only=all`);
  expect(domainsOf(all.json)).toEqual(["good.example", "lacking.example"]);
  expect(domainsOf((await ask("GET", "/instructions")).json)).toEqual(["own.example"]);
});

test("a choice may be of several customers; an unknown domain and another account's domain are not found", async () => {
  const chosen = `${ids["tea.example"]},${ids["own.example"]}`;
  expect(domainsOf((await ask("GET", `/instructions?domainIds=${chosen}`)).json)).toEqual([
    "own.example",
    "tea.example",
  ]);
  const foreign = await ask("GET", `/instructions?domainIds=${chosen},${ids["secret.example"]}`);
  expect(foreign.status).toBe(404);
  const stranger = await ask("POST", "/instruction-sheets", { accountId: "another-account" });
  expect(stranger.status).toBe(404);
});

test("a customer finds no other customer of its provider, by instructions either", async () => {
  const teaId = (await api.db.organization.findFirstOrThrow({ where: { name: "Tea" } })).id;
  const inBakery = (path: string) =>
    api.ask("GET", `/api/v1${path}`, { key: provider.key, headers: { "x-waxseal-account": bakeryId } });
  expect((await inBakery(`/instructions?accountId=${teaId}`)).status).toBe(404);
  expect((await inBakery(`/instructions?domainIds=${ids["tea.example"]}`)).status).toBe(404);
  expect((await inBakery("/instructions")).json).toMatchObject({
    from: { name: "Bakery" },
    subject: "Bakery",
  });
});

test("the zone file is one that Knot takes for each domain (RFC 1035 §5), the CSV has a record a line", async () => {
  const chosen = `domainIds=${ids["tea.example"]},${ids["good.example"]}&only=all`;
  const zone = await ask("GET", `/instructions/export?format=zone&${chosen}`);
  expect(zone.headers.get("content-type")).toBe("text/plain; charset=utf-8");
  const parts = zone.text.split(/^(?=; \S+$)/m).slice(1);
  expect(parts).toHaveLength(2);
  for (const part of parts) await checkZone(part);
  // Pasted into the zone above a domain, it would move the names after it.
  expect(zone.text).not.toContain("$");
  expect(parts[0]).toMatch(
    /^mta-sts\.good\.example\. {4}3600 IN CNAME [a-z2-7]{16}\.mta-sts\.hosted\.example\. ; is there already$/m,
  );
  const csv = await ask("GET", `/instructions/export?format=csv&${chosen}`);
  expect(csv.text.trimEnd().split("\r\n")).toHaveLength(1 + 6);
});

test("a link shows the same without signing in, live, and search engines leave it alone", async () => {
  const token = await makeSheet({ accountId: bakeryId });
  const shown = await open(token);
  expect([shown.status, shown.headers.get("x-robots-tag")]).toEqual([200, "noindex, nofollow"]);
  expect(domainsOf(shown.json)).toEqual(["lacking.example"]);
  expect(JSON.stringify(shown.json)).not.toContain(bakeryId);
  expect((await open(token, "/export?format=csv")).text).toContain("_mta-sts.lacking.example");
  await setStates("lacking.example", "correct");
  expect((await open(token)).json).toMatchObject({ incomplete: 0, items: [] });
  await setStates("lacking.example", "missing");
});

test("a link that was ended, expired or lost its customer answers like one that never was", async () => {
  const made = await ask("POST", "/instruction-sheets", { accountId: bakeryId, expiresInDays: 2 });
  const { id, sheetToken } = Object(made.json);
  const never = await open("n".repeat(24));
  const dead = async () => {
    const answer = await open(sheetToken);
    return [answer.status, { ...Object(answer.json), requestId: null }];
  };
  const missing = [404, { ...Object(never.json), requestId: null }];
  await api.db.organization.update({ where: { id: bakeryId }, data: { parentId: null } });
  expect(await dead()).toEqual(missing);
  await api.db.organization.update({ where: { id: bakeryId }, data: { parentId: provider.accountId } });
  const before = now;
  now = new Date(before.getTime() + 3 * 86_400_000);
  expect(await dead()).toEqual(missing);
  now = before;
  expect((await open(sheetToken)).status).toBe(200);
  expect((await ask("DELETE", `/instruction-sheets/${id}`)).status).toBe(204);
  expect(await dead()).toEqual(missing);
  expect((await ask("DELETE", `/instruction-sheets/${id}`)).status).toBe(404);
});

test("the token is kept as a hash only", async () => {
  const token = await makeSheet({});
  const rows = await api.db.$queryRaw`select to_jsonb(s)::text as row from instruction_sheet s`;
  expect(JSON.stringify(rows) + (await ask("GET", "/instruction-sheets")).text).not.toContain(token);
});

test("the customer reads in its own log that a link was made, and who made it", async () => {
  await makeSheet({ accountId: bakeryId });
  const events = await api.db.event.findMany({ where: { accountId: bakeryId, kind: "sheet.created" } });
  expect(events.at(-1)).toMatchObject({ actorName: "test", data: { subject: "Bakery", only: "missing" } });
});

test("a mailed sheet carries records, link and logo, and answers go to its sender", async () => {
  const cookie = await api.signInAs(provider.accountId, "admin", "anna@provider.example");
  const image = Buffer.from(PIXELS, "base64").toString("base64");
  const admin = { cookie, account: provider.accountId };
  await api.ask("PUT", "/api/v1/account/logo", { ...admin, body: { image } });
  await api.ask("PUT", "/api/v1/account/brand", {
    ...admin,
    body: { name: "Provider & Sons", color: "#FFD400", senderName: "Provider Mail" },
  });
  const body = { accountId: bakeryId, mailTo: "dns@bakery.example" };
  const made = await api.ask("POST", "/api/v1/instruction-sheets", { ...admin, body });
  expect(made.json).toMatchObject({ mailedTo: "dns@bakery.example", subject: "Bakery" });
  await expect.poll(() => api.mails.list("dns@bakery.example")).toHaveLength(1);
  const [mail] = api.mails.list("dns@bakery.example");
  expect(mail?.subject).toBe("DNS records for lacking.example, from Provider & Sons");
  expect(mail?.text).toContain("_smtp._tls.lacking.example");
  expect(mail?.links.some((link) => link.endsWith(`/instructions/${Object(made.json).sheetToken}`))).toBe(
    true,
  );
  expect(mail?.html).toContain(`data:image/png;base64,${image}`);
});

test("a colour is shown in shades that can be read, to holders of links and to people of customers; another account's never", async () => {
  const brand = await ask("PUT", "/account/brand", { name: "Provider & Sons", color: "#FFD400" });
  const { colors, colorNote } = Object(brand.json);
  expect(brand.json).toMatchObject({ color: "#ffd400", senderName: "Provider Mail" });
  expect(colorNote).toMatch(/^Text in #ffd400 is hard to read .* darker shade \(#\w{6}\) on light pages/);
  expect(Object((await open(await makeSheet({}), "")).json).from).toMatchObject({ colors });
  const meOf = async (key: string, account: string) =>
    Object((await api.ask("GET", "/api/v1/me", { key, account })).json).brand;
  expect(await meOf(provider.key, bakeryId)).toMatchObject({ name: "Provider & Sons", colors });
  const other = await api.newAccount("Other");
  expect(await meOf(other.key, other.accountId)).toBeNull();
  for (const body of [{ color: "red" }, { color: "#1234567" }, { senderName: "a@bank.example" }]) {
    const refused = await ask("PUT", "/account/brand", { name: null, ...body });
    expect([body, refused.status, Object(refused.json).errors?.[0]?.path]).toEqual([
      body,
      422,
      Object.keys(body)[0],
    ]);
  }
});

test("no more than 60 mails an hour leave an account and its customers together, however links are ended", async () => {
  const { accountId } = provider;
  const at = now;
  const row = (n: number) => ({
    accountId: n % 2 ? accountId : bakeryId,
    domainIds: [],
    missingOnly: true,
    tokenHash: `hash ${n}`,
    mailedTo: "a@b.example",
    createdAt: at,
    createdBy: "x",
    expiresAt: at,
    endedAt: at,
  });
  const sent = await api.db.instructionSheet.count({ where: { mailedTo: { not: null } } });
  const rows = Array.from({ length: 60 - sent }, (_, n) => row(n));
  await api.db.instructionSheet.createMany({ data: rows });
  const refused = await ask("POST", "/instruction-sheets", { mailTo: "c@d.example" });
  expect([refused.status, Object(refused.json).code]).toEqual([429, "limit_reached"]);
  expect((await ask("POST", "/instruction-sheets", {})).status).toBe(201);
  expect(api.mails.list("c@d.example")).toEqual([]);
});

test("a logo is shown as an image only, also to the holder of a link", async () => {
  const token = await makeSheet({});
  for (const answer of [await ask("GET", "/account/logo"), await open(token, "/logo")]) {
    expect(answer.status).toBe(200);
    expect(answer.headers.get("content-type")).toBe("image/png");
    expect(answer.headers.get("x-content-type-options")).toBe("nosniff");
    expect(answer.headers.get("content-security-policy")).toBe("default-src 'none'; sandbox");
  }
  const image = Buffer.from("<svg/>").toString("base64");
  expect((await ask("PUT", "/account/logo", { image })).status).toBe(422);
  const tooLarge = Buffer.alloc(230_000).toString("base64");
  expect((await ask("PUT", "/account/logo", { image: tooLarge })).status).toBeGreaterThanOrEqual(400);
  expect((await ask("DELETE", "/account/logo")).json).toMatchObject({ logo: null });
  expect((await open(token, "/logo")).status).toBe(404);
});

const PIXELS =
  "iVBORw0KGgoAAAANSUhEUgAAABAAAAAQCAIAAACQkWg2AAAAFklEQVR42mOQj99PEmIY1TCqYfhqAADnbD0Q6zulHAAAAABJRU5ErkJggg==";

/** Has Knot read the lines as part of a zone of their own. */
async function checkZone(snippet: string): Promise<void> {
  const domain = /^; (\S+)$/m.exec(snippet)?.[1] ?? "";
  const folder = await mkdtemp(join(tmpdir(), "waxseal-zone-"));
  const apex = `$ORIGIN ${domain}.\n@ 3600 IN SOA ns.test. a.test. 1 2 3 4 5\n@ 3600 IN NS ns.test.\n`;
  await writeFile(join(folder, "part.zone"), apex + snippet);
  const zone = `zone:\n  - domain: ${domain}.\n    storage: "${folder}"\n    file: part.zone\n    semantic-checks: on\n`;
  await writeFile(join(folder, "knot.conf"), `database:\n  storage: "${folder}"\n${zone}`);
  const command = 'PATH="$PATH:/usr/sbin" exec knotc -c "$0" zone-check';
  await promisify(execFile)("/bin/sh", ["-c", command, join(folder, "knot.conf")]);
  await rm(folder, { recursive: true, force: true });
}
