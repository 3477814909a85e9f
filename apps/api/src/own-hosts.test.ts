import { mkdir, mkdtemp, rm, writeFile } from "node:fs/promises";
import { request as httpRequest } from "node:http";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, expect, inject, test } from "vitest";
import { startTestApi, type TestApi } from "../testing/start-test-api.ts";

const HOST = "mail.provider.example";
const MAIN = "https://waxseal.example";

let api: TestApi;
let distDir: string;
let provider: { accountId: string; key: string };
let bakeryId: string;
let stranger: { accountId: string; key: string };

beforeAll(async () => {
  distDir = await mkdtemp(join(tmpdir(), "waxseal-dist-"));
  await mkdir(join(distDir, "assets"));
  await writeFile(join(distDir, "index.html"), "<head><title>Waxseal</title></head>");
  await writeFile(join(distDir, "assets/app.js"), "1");
  api = await startTestApi(inject("templateDatabaseUrl"), { publicUrl: MAIN, distDir });
  provider = await api.newAccount("Provider");
  stranger = await api.newAccount("Stranger");
  const made = await api.ask("POST", "/api/v1/customers", { key: provider.key, body: { name: "Bakery" } });
  bakeryId = String(Object(made.json).id);
  await hold(provider.accountId, HOST);
  await api.ask("PUT", "/api/v1/account/brand", {
    key: provider.key,
    body: { name: 'A "brand" <b>&', color: "#0b7a75" },
  });
});
afterAll(async () => {
  await api.stop();
  await rm(distDir, { recursive: true });
});

async function hold(accountId: string, host: string): Promise<void> {
  const at = new Date();
  await api.db.brandHost.create({
    data: { accountId, host, token: "t", heldHost: host, missed: 0, createdAt: at, nextCheckAt: at },
  });
}

type Sent = { status: number; headers: Record<string, string | string[] | undefined>; text: string };

/** As a client that says it wants this host; `fetch` does not let one. */
function send(
  host: string,
  path: string,
  headers: Record<string, string> = {},
  method = "GET",
): Promise<Sent> {
  const { hostname, port } = new URL(api.url);
  return new Promise((resolve, reject) => {
    const asked = httpRequest(
      { agent: false, hostname, port, path, method, headers: { ...headers, host } },
      (response) => {
        let text = "";
        response.on("data", (data) => (text += data));
        response.on("end", () =>
          resolve({ status: response.statusCode ?? 0, headers: response.headers, text }),
        );
      },
    );
    asked.on("error", reject).end();
  });
}

const HTML = { accept: "text/html" };

async function makeSheet(key: string, account?: string): Promise<string> {
  const { json } = await api.ask("POST", "/api/v1/instruction-sheets", {
    key,
    body: account ? { accountId: account } : {},
  });
  return String(Object(json).sheetToken);
}

test("a link of the provider or its customers opens on its own host with its brand, and a stranger's does not exist there", async () => {
  const page = await send(HOST, `/instructions/${await makeSheet(provider.key)}`, HTML);
  expect([page.status, page.headers["cache-control"]]).toEqual([200, "no-store"]);
  expect(page.headers.vary).toMatch(/host/i);
  expect(page.text).toContain("<title>A &#34;brand&#34; &#60;b&#62;&#38;</title>");
  expect(page.text).not.toContain("<b>");
  const shownOn = async (host: string, sheetToken: string) =>
    (await send(host, `/api/v1/shared-instructions/${sheetToken}`)).status;
  for (const sheet of [await makeSheet(provider.key), await makeSheet(provider.key, bakeryId)])
    expect([await shownOn(HOST, sheet), await shownOn("waxseal.example", sheet)]).toEqual([200, 200]);
  const foreign = await makeSheet(stranger.key);
  expect([await shownOn(HOST, foreign), await shownOn("waxseal.example", foreign)]).toEqual([404, 200]);
  const added = await api.ask("POST", "/api/v1/domains", {
    key: stranger.key,
    body: { domain: "stranger.example" },
  });
  const share = await api.ask("POST", `/api/v1/domains/${Object(added.json).id}/share`, {
    key: stranger.key,
    body: {},
  });
  for (const path of ["", "/live"]) {
    const { shareToken } = Object(share.json);
    expect((await send(HOST, `/api/v1/shared/${shareToken}${path}`)).status).toBe(404);
  }
});

test("nothing that needs a session or a key is answered there: pages lead to our own site, requests are not found", async () => {
  const authorization = `Bearer ${provider.key}`;
  for (const path of [
    "/api/v1/me",
    "/api/v1/domains",
    "/api/v1/account/brand",
    "/api/v1/check?domain=a.example",
  ])
    expect([path, (await send(HOST, path, { authorization })).status]).toEqual([path, 404]);
  for (const path of ["/api/auth/sign-in/email", "/api/auth/get-session", "/api/v1/instruction-sheets"]) {
    const answer = await send(HOST, path, { authorization, origin: `https://${HOST}` }, "POST");
    expect([path, answer.status, answer.headers["set-cookie"]]).toEqual([path, 404, undefined]);
  }
  for (const path of [
    "/",
    "/sign-in?next=/a/b",
    "/a/some/domains",
    "//evil.example/x",
    "/\\evil.example",
    "/u/token",
  ]) {
    const { status, headers } = await send(HOST, path, HTML);
    expect([path, status, new URL(String(headers.location)).origin]).toEqual([path, 302, MAIN]);
  }
  expect((await send(HOST, "/assets/app.js")).status).toBe(200);
});

test("the Host header alone says whose page it is: forwarded hosts, look-alikes and hosts that no account holds are never another's", async () => {
  const sheet = `/instructions/${await makeSheet(provider.key)}`;
  const brandOf = async (host: string, headers = {}) => {
    const { text } = await send(host, sheet, { ...HTML, ...headers });
    return text.includes("waxseal-site");
  };
  for (const host of [HOST, "MAIL.Provider.Example", `${HOST}:443`, `${HOST}.`])
    expect([host, await brandOf(host)]).toEqual([host, true]);
  for (const host of [
    "waxseal.example",
    "unknown.example",
    `x.${HOST}`,
    `${HOST}.evil.example`,
    "127.0.0.1",
    `${HOST}@evil`,
    "[::1]",
    `${HOST}%00`,
  ])
    expect([host, await brandOf(host)]).toEqual([host, false]);
  const forwarded = { "x-forwarded-host": HOST, forwarded: `host=${HOST}`, "x-host": HOST };
  expect(await brandOf("waxseal.example", forwarded)).toBe(false);
  expect(await brandOf(HOST, { "x-forwarded-host": "waxseal.example" })).toBe(true);
});

test("a suspended provider's host shows no brand, and a host that was given up is ours again", async () => {
  const other = await api.newAccount("Other");
  await hold(other.accountId, "suspended.other.example");
  await api.db.organization.update({ where: { id: other.accountId }, data: { suspendedAt: new Date() } });
  const { text } = await send("suspended.other.example", "/instructions/x", HTML);
  expect(text).not.toContain("waxseal-site");
});

test("links and mails name the own host once it has a certificate, and our own site without one", async () => {
  const made = () =>
    api.ask("POST", "/api/v1/instruction-sheets", {
      key: provider.key,
      body: { mailTo: "dns@bakery.example" },
    });
  expect((await made()).json).toMatchObject({ site: null });
  const at = new Date();
  await api.db.certificate.create({
    data: {
      ...{ accountId: provider.accountId, host: HOST, chainPem: "", keyJwe: "", issuer: "", serial: "1" },
      ...{ fingerprint256: "1", notBefore: at, notAfter: new Date(Date.now() + 86_400_000) },
      ...{ directoryUrl: "https://ca.example/", createdAt: at },
    },
  });
  expect((await made()).json).toMatchObject({ site: `https://${HOST}` });
  const linksOf = () =>
    api.mails.list("dns@bakery.example").flatMap(({ links }) => links.map((link) => new URL(link).origin));
  await expect
    .poll(() => new Set(linksOf()), { timeout: 30_000 })
    .toEqual(new Set([MAIN, `https://${HOST}`]));
  expect((await api.ask("GET", "/api/v1/account/brand-host", { key: provider.key })).json).toMatchObject({
    state: "active",
    url: `https://${HOST}`,
  });
});
